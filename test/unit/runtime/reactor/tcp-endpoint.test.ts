/** The reactor's TCP sockets, asked directly: what one call leaves behind for the next. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { AddressFamily, SocketType } from '../../../../src/abi/socket.js';
import { available } from '../../../../src/kernel/pipes/pipe.js';
import { takeWaiting, WAITING, waitingConnections } from '../../../../src/kernel/sockets/accept-list.js';
import { incomingRing } from '../../../../src/kernel/sockets/rings.js';
import { SOCKET, SocketState, stateOf } from '../../../../src/kernel/sockets/socket.js';
import { TcpEndpoint } from '../../../../src/runtime/reactor/tcp-endpoint.js';
import { contextOf, loopback, portOf, recordIn } from './endpoint-context.js';

const PATIENCE = { timeout: 5000 };

it('reaches this machine by no form of the unspecified address but with a grant for the loopback address', {
  timeout: 10_000,
}, async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  // All that begins with 00000, as in lists of everything but the private networks.
  const context = contextOf(['0.0.0.0/5', '::/8'], []);
  const mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0];
  for (const [family, octets] of [
    [AddressFamily.INET4, new Uint8Array(4)],
    [AddressFamily.INET6, Uint8Array.from(mapped)],
  ] as const) {
    const endpoint = new TcpEndpoint(context, recordIn(context, family, SocketType.STREAM));
    expect(await endpoint.connect({ family, port, octets })).toBe(Errno.ACCES);
  }
  server.close();
});

it('has its connections taken over also past the largest number that a word holds', {
  timeout: 10_000,
}, async () => {
  const context = contextOf(['loopback'], ['loopback']);
  const { kernel } = context;
  const record = recordIn(context, AddressFamily.INET4, SocketType.STREAM);
  const listener = new TcpEndpoint(context, record);
  expect(await listener.bind(loopback(0))).toBe(Errno.SUCCESS);
  expect(await listener.listen(8)).toBe(Errno.SUCCESS);
  for (const message of ['the last number', 'the next']) {
    const peer = connect(portOf(context, record), '127.0.0.1').end(message);
    await vi.waitUntil(() => waitingConnections(kernel, record) > 0, PATIENCE);
    const entry = takeWaiting(kernel, record, 1);
    const accepted = recordIn(context, AddressFamily.INET4, SocketType.STREAM);
    kernel.words[accepted + SOCKET.ID] = kernel.words[entry + WAITING.ID]!;
    const endpoint = new TcpEndpoint(context, accepted);
    endpoint.look();
    await vi.waitUntil(() => available(kernel, incomingRing(accepted)) === message.length, PATIENCE);
    peer.destroy();
    await endpoint.close();
  }
  await listener.close();
});

describe('a TCP socket', { timeout: 10_000 }, () => {
  const fresh = () => {
    const context = contextOf(['loopback'], ['loopback']);
    const record = recordIn(context, AddressFamily.INET4, SocketType.STREAM);
    return { context, record, endpoint: new TcpEndpoint(context, record) };
  };

  it('is bound once, and gives its address back when it is closed', async () => {
    const { context, record, endpoint } = fresh();
    expect(await endpoint.bind(loopback(0))).toBe(Errno.SUCCESS);
    const port = portOf(context, record);
    expect(await endpoint.bind(loopback(0))).toBe(Errno.INVAL);
    expect(portOf(context, record)).toBe(port);
    await endpoint.close();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
  });

  it('is connected once, whoever asked before and did not wait for the answer', async () => {
    let connections = 0;
    const server = createServer(() => connections++).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { context, record, endpoint } = fresh();
    expect(await endpoint.connect(loopback(port))).toBe(Errno.SUCCESS);
    expect(await endpoint.connect(loopback(port))).toBe(Errno.ALREADY);
    await vi.waitUntil(() => stateOf(context.kernel, record) === SocketState.STREAM, PATIENCE);
    expect(await endpoint.connect(loopback(port))).toBe(Errno.ISCONN);
    expect(await endpoint.bind(loopback(0))).toBe(Errno.INVAL);
    expect(await endpoint.listen(1)).toBe(Errno.INVAL);
    await endpoint.close();
    expect(connections).toBe(1);
    server.close();
  });
});
