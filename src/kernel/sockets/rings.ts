/**
 * The rings of a connection: its incoming bytes, which the reactor puts and guest threads take, and its outgoing ones.
 * They are pipes (pipes/pipe.ts) whose other side is the reactor: it never waits, and of each ring it is the only one on
 * its side, so it takes no lock.
 */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { openRings, PIPE, RING_BYTES, room, Side } from '../pipes/pipe.js';
import { SOCKET } from './socket.js';

const MASK = RING_BYTES - 1;

export const incomingRing = (socket: number): number => socket + SOCKET.IN;
export const outgoingRing = (socket: number): number => socket + SOCKET.OUT;

/** Gives the socket its rings, empty and open, for a connection. RangeError when there is no memory. */
export function makeRings(kernel: KernelMemory, socket: number, owner: number): void {
  if (kernel.words[socket + SOCKET.IN + PIPE.DATA] !== 0) return reopen(kernel, socket);
  openRings(
    kernel,
    { incoming: incomingRing(socket), outgoing: outgoingRing(socket) },
    { near: socket + SOCKET.QUEUE, far: socket + SOCKET.FAR_QUEUE },
    owner,
  );
}

/** After a connect that failed nothing is in the rings, and nobody else uses them. */
function reopen({ words }: KernelMemory, socket: number): void {
  for (const ring of [incomingRing(socket), outgoingRing(socket)]) {
    words[ring + PIPE.OPEN] = Side.READER | Side.WRITER;
  }
}

/** Puts as much of `source` as fits into the incoming ring; the reactor's call. Answers the bytes put. */
export function fill(kernel: KernelMemory, ring: number, source: Uint8Array): number {
  const count = Math.min(source.length, room(kernel, ring));
  const data = kernel.words[ring + PIPE.DATA]!;
  kernel.reach(data, RING_BYTES / 4);
  const tail = kernel.words[ring + PIPE.TAIL]!;
  const at = (tail + kernel.words[ring + PIPE.SHIFT]!) & MASK;
  const first = Math.min(count, RING_BYTES - at);
  kernel.bytes.set(source.subarray(0, first), data * 4 + at);
  if (first < count) kernel.bytes.set(source.subarray(first, count), data * 4);
  Atomics.store(kernel.words, ring + PIPE.TAIL, (tail + count) | 0);
  return count;
}

/** The first bytes of the outgoing ring that lie together, where they are: valid until they are `drained`. */
export function front(kernel: KernelMemory, ring: number): Buffer {
  const head = kernel.words[ring + PIPE.HEAD]!;
  const there = (Atomics.load(kernel.words, ring + PIPE.TAIL) - head) >>> 0;
  const data = kernel.words[ring + PIPE.DATA]!;
  kernel.reach(data, RING_BYTES / 4);
  const at = (head + kernel.words[ring + PIPE.SHIFT]!) & MASK;
  return Buffer.from(kernel.bytes.buffer, data * 4 + at, Math.min(there, RING_BYTES - at));
}

/** Takes `count` bytes out of the outgoing ring. */
export function drained({ words }: KernelMemory, ring: number, count: number): void {
  Atomics.add(words, ring + PIPE.HEAD, count);
}

/** Whether no more bytes will be put into the ring than are there. Asked before `front`. */
export function isFinished({ words }: KernelMemory, ring: number): boolean {
  return (Atomics.load(words, ring + PIPE.OPEN) & Side.WRITER) === 0;
}
