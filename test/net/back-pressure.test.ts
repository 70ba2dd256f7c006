/**
 * Who does not read makes the sender wait, and nothing grows meanwhile. The full size, 1 GiB, is asked for by
 * BACK_PRESSURE_MIB=1024.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type GuestPeer, serve, startPeer } from './guest-peer.js';

const MIB = 2 ** 20;
const SIZE_MIB = Number(process.env.BACK_PRESSURE_MIB ?? 64);
const timeout = 60_000 + SIZE_MIB * 200;

/** What rings, Node and garbage may take besides what the system holds. */
const MOST_GROWTH = 16 * MIB;

/** Byte n is n mod 251, from byte `from` on. */
const PATTERN = Buffer.from(Array.from({ length: 251 * 257 }, (_, i) => i % 251));

function isPattern(bytes: Buffer, from: number): boolean {
  for (let done = 0; done < bytes.length; ) {
    const start = (from + done) % 251;
    const count = Math.min(bytes.length - done, PATTERN.length - start);
    if (bytes.compare(PATTERN, start, start + count, done, done + count) !== 0) return false;
    done += count;
  }
  return true;
}

/** Reads to the end and answers how much came, and whether each byte was the right one. */
async function readPattern(socket: Socket): Promise<{ count: number; right: boolean }> {
  let count = 0;
  let right = true;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    right &&= isPattern(chunk, count);
    count += chunk.length;
  }
  return { count, right };
}

const floodPeer = (port: string): GuestPeer =>
  startPeer(['flood', port, String(SIZE_MIB * 1024)], {}, 'wasix/sock-load');

describe(`${SIZE_MIB} MiB to a reader that sleeps`, { timeout }, () => {
  it('a guest that sends waits, with flat memory, and every byte comes when it reads', async () => {
    const { server, port } = await serve((socket) => socket.pause());
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const peer = floodPeer(port);
    expect(await peer.line()).toBe('sending');
    const [socket] = await connected;
    await pause(300);
    const before = process.memoryUsage.rss();
    const sent = peer.line();
    expect(await Promise.race([sent, pause(700, 'waits')])).toBe('waits');
    expect(process.memoryUsage.rss() - before).toBeLessThan(MOST_GROWTH);
    expect(await readPattern(socket)).toEqual({ count: SIZE_MIB * MIB, right: true });
    expect(await sent).toBe('sent');
    expect((await peer.process.wait()).exitCode).toBe(0);
    server.close();
  });

  it('the same with a reader that sleeps again and again', async () => {
    const { server, port } = await serve((socket) => socket.pause());
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const peer = floodPeer(port);
    const [socket] = await connected;
    let count = 0;
    let right = true;
    socket.on('data', (chunk: Buffer) => {
      right &&= isPattern(chunk, count);
      // Twenty rests on the way.
      const piece = (SIZE_MIB * MIB) / 20;
      const rests = Math.floor((count + chunk.length) / piece) > Math.floor(count / piece);
      count += chunk.length;
      if (rests) void pause(20, socket.pause()).then((it) => it.resume());
    });
    socket.resume();
    await once(socket, 'end');
    expect({ count, right }).toEqual({ count: SIZE_MIB * MIB, right: true });
    expect((await peer.process.wait()).exitCode).toBe(0);
    server.close();
  });

  it('between two guests nothing is lost', async () => {
    const args = ['pump', '0', '0', String(SIZE_MIB * 1024), '7'];
    const peer = startPeer(args, {}, 'wasix/sock-load');
    expect(await peer.line()).toBe(`all ${SIZE_MIB * MIB}`);
    expect((await peer.process.wait()).exitCode).toBe(0);
  });
});
