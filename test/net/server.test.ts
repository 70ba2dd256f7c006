/** Guests as servers, with clients of Node's. */
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startPeer } from './guest-peer.js';

function request(port: number, path: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => resolve(text(response))).on('error', reject);
  });
}

/** Sends `bytes` from all sides at once and answers what comes back. */
async function echoed(port: number, bytes: Buffer): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  socket.end(bytes);
  return buffer(socket);
}

describe('a guest that serves', { timeout: 30_000 }, () => {
  it('answers 1,200 HTTP requests over 12 connections with a thread for each', async () => {
    const peer = startPeer(['http'], { maxThreads: 64 });
    const port = await peer.port();
    const agent = new Agent({ keepAlive: true, maxSockets: 12 });
    const replies = await Promise.all(Array.from({ length: 1200 }, (_, i) => request(port, `/${i}`, agent)));
    expect(new Set(replies)).toEqual(new Set(['hello, network']));
    await request(port, '/quit', agent);
    agent.destroy();
    expect(await peer.process.wait()).toMatchObject({ reason: 'exit', exitCode: 0 });
  });

  it('answers a new connection for each of 300 requests', async () => {
    const peer = startPeer(['http'], { maxThreads: 64 });
    const port = await peer.port();
    const agent = new Agent({ keepAlive: false, maxSockets: 8 });
    for (let round = 0; round < 3; round++) {
      const replies = await Promise.all(Array.from({ length: 100 }, () => request(port, '/', agent)));
      expect(replies.every((reply) => reply === 'hello, network')).toBe(true);
    }
    await request(port, '/quit', agent);
    expect((await peer.process.wait()).exitCode).toBe(0);
  });

  it('serves 60 connections from one thread with epoll and without blocking', async () => {
    const peer = startPeer(['epoll']);
    const port = await peer.port();
    const sent = Array.from({ length: 60 }, (_, i) => Buffer.alloc(20_000 + 500 * i, 65 + (i % 26)));
    const came = await Promise.all(sent.map((bytes) => echoed(port, bytes)));
    expect(came.map((bytes, i) => bytes.equals(sent[i]!))).toEqual(sent.map(() => true));
    connect(port, '127.0.0.1').end('q');
    expect((await peer.process.wait()).exitCode).toBe(0);
  });

  it('ends at once with 100 connections open, and what it has sent arrives', async () => {
    const peer = startPeer(['hold', '100']);
    const port = await peer.port();
    const said = await Promise.all(Array.from({ length: 100 }, () => text(connect(port, '127.0.0.1'))));
    expect(said).toEqual(said.map(() => 'bye'));
    expect(await peer.process.wait()).toMatchObject({ reason: 'exit', exitCode: 5 });
  });

  it('is ended by a signal whatever its connections are doing, and its port is free again', async () => {
    const peer = startPeer(['http']);
    const port = await peer.port();
    const sockets: Socket[] = [];
    for (let i = 0; i < 10; i++) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      await once(socket, 'connect');
      sockets.push(socket);
    }
    const gone = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve).resume()));
    peer.process.kill();
    expect(await peer.process.wait()).toMatchObject({ reason: 'signal', exitCode: 143 });
    for (const socket of sockets) socket.end();
    await Promise.all(gone);
    const late = connect(port, '127.0.0.1');
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});
