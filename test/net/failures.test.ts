/** Connections that end badly, or at a bad moment: everybody hears of it, nobody waits for ever. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { LOOPBACK, openDescriptors, serve, startPeer } from './guest-peer.js';

const MIB = 2 ** 20;

describe('connections that fail', { timeout: 30_000 }, () => {
  it('threads that send and receive hear of a reset, 30 times', async () => {
    const { stdout, exitCode } = await runGuest('wasix/sock-load', { args: ['resets', '30'], net: LOOPBACK });
    expect({ stdout, exitCode }).toEqual({ stdout: 'reset 30\n', exitCode: 0 });
  });

  it('accept ends when another thread closes the listener, whoever is connecting, 50 times', async () => {
    const { stdout, exitCode } = await runGuest('wasix/sock-load', {
      args: ['closing', '50'],
      net: LOOPBACK,
    });
    expect({ stdout, exitCode }).toEqual({ stdout: 'closed 50\n', exitCode: 0 });
  });

  it('a program that ends with 100 connections to itself ends at once and leaves no descriptor', async () => {
    const before = openDescriptors();
    const { reason, exitCode, stats } = await runGuest('wasix/sock-load', {
      args: ['keep', '100'],
      net: LOOPBACK,
    });
    expect({ reason, exitCode }).toEqual({ reason: 'exit', exitCode: 5 });
    expect(stats.runMs).toBeLessThan(10_000);
    await expect.poll(openDescriptors).toBeLessThanOrEqual(before);
  });

  it('a peer that sends its half and closes it gets the whole answer', async () => {
    const peer = startPeer(['epoll']);
    const port = await peer.port();
    const sockets = Array.from({ length: 8 }, () =>
      connect({ port, host: '127.0.0.1', allowHalfOpen: true }),
    );
    const sent = Buffer.alloc(MIB, 'x');
    const came = await Promise.all(
      sockets.map((socket) => {
        socket.end(sent);
        return buffer(socket);
      }),
    );
    expect(came.map((bytes) => bytes.equals(sent))).toEqual(came.map(() => true));
    peer.process.kill();
    await peer.process.wait();
  });

  it('a peer that resets in the middle of a transfer ends the transfer, not the program', async () => {
    const { server, port } = await serve((socket) => {
      let count = 0;
      socket.on('data', (chunk: Buffer) => {
        count += chunk.length;
        if (count > MIB) socket.resetAndDestroy();
      });
    });
    const peer = startPeer(['flood', port, String(64 * 1024)], {}, 'wasix/sock-load');
    expect(await peer.line()).toBe('sending');
    // SIGPIPE, as on Linux.
    expect(await peer.process.wait()).toMatchObject({ reason: 'signal', exitCode: 141 });
    server.close();
  });

  it('a server goes on when its clients reset', async () => {
    const peer = startPeer(['http', '2'], {}, 'wasix/sock-load');
    const port = await peer.port();
    for (let round = 0; round < 20; round++) {
      const sockets = Array.from({ length: 8 }, () =>
        connect(port, '127.0.0.1').on('error', () => undefined),
      );
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      for (const [i, socket] of sockets.entries()) resetAfter(socket, i);
      await Promise.all(sockets.map((socket) => once(socket, 'close')));
    }
    const last = connect(port, '127.0.0.1');
    last.end('GET /quit HTTP/1.1\r\n\r\n');
    expect((await buffer(last)).toString()).toMatch(/hello, network$/);
    expect((await peer.process.wait()).exitCode).toBe(0);
  });

  it('a program that is killed in the middle of a transfer is gone with its connection', async () => {
    const before = openDescriptors();
    const { server, port } = await serve((socket) => socket.resume());
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const peer = startPeer(['flood', port, String(4 * 1024 * 1024)], {}, 'wasix/sock-load');
    const [socket] = await connected;
    await pause(50);
    peer.process.kill('SIGKILL');
    expect((await peer.process.wait()).reason).toBe('signal');
    if (!socket.closed) socket.end();
    if (!socket.closed) await once(socket, 'close');
    server.close();
    await once(server, 'close');
    await expect.poll(openDescriptors).toBeLessThanOrEqual(before);
  });
});

/** At one of the moments of a request: before it, in the middle of it, before its answer, after it. */
function resetAfter(socket: Socket, moment: number): void {
  const text = 'GET / HTTP/1.1\r\n\r\n'.slice(0, [0, 7, 18][moment % 3]);
  const reset = () => socket.resetAndDestroy();
  if (moment % 4 === 3) socket.once('data', reset).write('GET / HTTP/1.1\r\n\r\n');
  else socket.write(text, reset);
}
