/** Guests as clients, with servers of Node's: halves, resets, slow readers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { serve, startPeer } from './guest-peer.js';

const MIB = 2 ** 20;

/** Writes `total` bytes, byte n being n mod 251, as fast as they are taken; resolves when all are handed to Node. */
async function writePattern(socket: Socket, total: number): Promise<void> {
  const pattern = Buffer.from(Array.from({ length: 251 * 256 }, (_, i) => i % 251));
  for (let sent = 0; sent < total; sent += pattern.length) {
    if (!socket.write(pattern.subarray(0, Math.min(pattern.length, total - sent))))
      await once(socket, 'drain');
  }
  socket.end();
}

describe('a guest that connects', { timeout: 60_000 }, () => {
  it('sends 16 MiB, closes its half, and receives them all back', async () => {
    const { server, port } = await serve((socket) => socket.pipe(socket));
    const peer = startPeer(['upload', port, String(16 * 1024)]);
    expect(await peer.line()).toBe(`came back ${16 * MIB}, then 0`);
    expect((await peer.process.wait()).exitCode).toBe(0);
    server.close();
  });

  it('keeps memory flat while it does not read: 64 MiB wait at the sender', async () => {
    let sender: Socket | undefined;
    let done = false;
    const { server, port } = await serve((socket) => {
      sender = socket;
      void writePattern(socket, 64 * MIB).then(() => {
        done = true;
      });
    });
    const peer = startPeer(['slow', port]);
    expect(await peer.line()).toBe('connected');
    await pause(300);
    const before = process.memoryUsage.rss();
    const taken = sender!.bytesWritten - sender!.writableLength;
    await pause(700);
    expect(done).toBe(false);
    expect(sender!.bytesWritten - sender!.writableLength).toBe(taken);
    // What rings, Node and the system hold, not what is sent.
    expect(process.memoryUsage.rss() - before).toBeLessThan(8 * MIB);
    peer.process.stdin!.write('g');
    expect(await peer.line()).toBe(`read ${64 * MIB}, 0 wrong, then 0`);
    expect((await peer.process.wait()).exitCode).toBe(0);
    server.close();
  });

  it('hears that a closed port refuses', async () => {
    const { server, port } = await serve(() => undefined);
    server.close();
    await once(server, 'close');
    const peer = startPeer(['errors', port]);
    expect(await peer.line()).toBe('connect -14');
    await peer.process.wait();
  });

  it('hears of a reset once, and then of the end', async () => {
    const { server, port } = await serve((socket) => {
      socket.write('some');
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    const peer = startPeer(['errors', port]);
    expect(await peer.line()).toBe('connect 0');
    expect(await peer.line()).toBe('receive -15');
    expect(await peer.line()).toBe('receive again 0');
    await peer.process.wait();
    server.close();
  });

  it.runIf(process.platform === 'linux')('gives up a connect when its time-out has passed', async () => {
    // A server that does not run, and whose queue is full: it answers nobody.
    const code = `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      console.log(s.address().port);
      process.kill(process.pid, 'SIGSTOP');
    });`;
    const server = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
    const waiting: Socket[] = [];
    try {
      const port = String((await once(server.stdout, 'data'))[0]).trim();
      for (let i = 0; i < 8; i++)
        waiting.push(connect(Number(port), '127.0.0.1').on('error', () => undefined));
      await pause(100);
      const peer = startPeer(['late', port]);
      expect(await peer.line()).toBe('connect -73 after its time');
      await peer.process.wait();
    } finally {
      for (const socket of waiting) socket.destroy();
      server.kill('SIGKILL');
    }
  });

  it('gets no further than its grants, and the operator is told once', async () => {
    const notices: string[] = [];
    const { server, port } = await serve((socket) => socket.end());
    for (const net of [false, { connect: ['127.0.0.2'], listen: ['*'] }, { connect: ['loopback:1'] }]) {
      const peer = startPeer(['errors', port], { net, onNotice: (line) => notices.push(line) });
      expect(await peer.line()).toBe('connect -2');
      await peer.process.wait();
    }
    const expected = `the program may not connect to 127.0.0.1:${port}: --net=127.0.0.1:${port} allows it`;
    expect(notices).toEqual([expected, expected, expected]);
    const peer = startPeer(['errors', port], { net: { connect: [`localhost:${port}`] } });
    expect(await peer.line()).toBe('connect 0');
    await peer.process.wait();
    server.close();
  });
});
