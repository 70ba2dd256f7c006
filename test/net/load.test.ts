/** Guests under load: every request is answered, and nothing is left of it when its connections are closed. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ObservedPool } from '../observed-pool.js';
import { type GuestPeer, openDescriptors, startPeer } from './guest-peer.js';
import { putLoad } from './load-generator.js';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 14\r\nConnection: keep-alive\r\n\r\n';
const load = { connections: 64, requests: 10_000, answer: `${HEAD}hello, network` };

/** A thread for each connection, and the main thread. */
const THREADS = 65;
const pool = new ObservedPool({ name: 'load', maxSize: THREADS });
// All of them, for each has descriptors of its own and is kept.
beforeAll(() => pool.warm(THREADS), 30_000);
afterAll(() => pool.shutdownJoin(1000));

let peer: GuestPeer | undefined;
afterEach(async () => {
  peer?.process.kill();
  await peer?.process.wait();
  peer = undefined;
});

/** Resolves when the pool has just `threads` threads, those of the server itself. */
const untilIdle = (threads: number) =>
  expect.poll(() => pool.counters.busy, { timeout: 10_000 }).toBe(threads);

describe('a guest that serves 64 connections', { timeout: 60_000 }, () => {
  it.each([
    { way: 'a thread for each', program: 'wasix/sock-peer', args: ['http'], threads: 1 },
    { way: 'two threads with epoll', program: 'wasix/sock-load', args: ['http', '2'], threads: 3 },
  ])('answers 10,000 requests, none lost, and is then as before: $way', async (server) => {
    peer = startPeer(server.args, { pool }, server.program);
    const port = await peer.port();
    // For what is made at the first connections and kept.
    expect(await putLoad({ ...load, port, requests: 64 })).toBe(64);
    await untilIdle(server.threads);
    await pause(100);
    const before = openDescriptors();
    expect(await putLoad({ ...load, port })).toBe(load.requests);
    await untilIdle(server.threads);
    await expect.poll(openDescriptors).toBeLessThanOrEqual(before);
  });
});
