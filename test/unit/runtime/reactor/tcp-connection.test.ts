/** The reactor's side of a connection, with a real peer: how it ends. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { closeWriter } from '../../../../src/kernel/pipes/pipe.js';
import { makeRings, outgoingRing } from '../../../../src/kernel/sockets/rings.js';
import { SOCKET } from '../../../../src/kernel/sockets/socket.js';
import { TcpConnection } from '../../../../src/runtime/reactor/tcp-connection.js';

const OWNER = 1;
const TIMEOUT = 10_000;

let server: Server | undefined;

afterEach(() => {
  server?.close();
});

/** A connection of a guest to a peer that does not end its own side. */
async function connected() {
  server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const taken = once(server, 'connection') as Promise<[Socket]>;
  const { port } = server.address() as { port: number };
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  const kernel = KernelMemory.create(0);
  const record = kernel.allocate(SOCKET.WORDS, OWNER);
  makeRings(kernel, record, OWNER);
  const connection = new TcpConnection(kernel, record, socket);
  const [peer] = await taken;
  peer.on('error', () => undefined).resume();
  return { kernel, record, connection, peer };
}

it('is gone once it is closed, also where sending was over before and the peer goes on', {
  timeout: TIMEOUT,
}, async () => {
  const { kernel, record, connection, peer } = await connected();
  const ended = once(peer, 'end');
  closeWriter(kernel, outgoingRing(record), OWNER);
  connection.look();
  await ended;
  // Its own end of sending is told by then.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await expect(connection.close()).resolves.toBeUndefined();
  peer.destroy();
});
