/**
 * A stream between guest threads and the host thread's event loop: stdin from a pipe or terminal, stdout into a
 * pipe that is full, the streams of the API. A record of 16 words and a ring of bytes:
 *
 *   0 DATA       block of the ring; 1 CAPACITY its bytes
 *   2 HEAD       bytes taken so far (mod 2^32); moved by the consumer
 *   3 TAIL       bytes put so far (mod 2^32); moved by the producer
 *   4 CLOSED     1 when no more bytes will come or be taken
 *   5 ERROR      errno that further calls answer, 0 for none
 *   6 LOCK       guards the guest's side of the ring: several threads may read or write
 *   7…8 QUEUE    threads waiting for bytes or room
 *   9 HOST       1 when the host has been told that there is work; it stores 0 before it looks again
 *  10 TURN       owner number of the thread whose write is going out, 0 for none
 *  11…12 TURN_QUEUE threads waiting for their turn
 *  13 REOPENS    1 when an end of file is for one read alone, and bytes may follow it: a terminal's (set once)
 *
 * Who blocks on whom: guest threads park on QUEUE; the host never waits. The producer stores bytes and then TAIL
 * (Atomics), the consumer loads TAIL before it copies, and the other way round with HEAD.
 */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { HOST_OWNER } from '../memory/lock.js';
import { wakeAll } from '../threads/wait-queue.js';

export const STREAM = {
  DATA: 0,
  CAPACITY: 1,
  HEAD: 2,
  TAIL: 3,
  CLOSED: 4,
  ERROR: 5,
  LOCK: 6,
  QUEUE: 7,
  HOST: 9,
  TURN: 10,
  TURN_QUEUE: 11,
  REOPENS: 13,
  WORDS: 16,
} as const;

/** Bytes that a ring holds: as much as a Linux pipe. */
export const RING_BYTES = 65_536;

/** Makes a stream with an empty ring; the host's call. */
export function createStream(kernel: KernelMemory): number {
  const stream = kernel.allocate(STREAM.WORDS, HOST_OWNER);
  const data = kernel.allocate(RING_BYTES / 4, HOST_OWNER);
  kernel.reach(data, RING_BYTES / 4);
  kernel.words[stream + STREAM.DATA] = data;
  kernel.words[stream + STREAM.CAPACITY] = RING_BYTES;
  return stream;
}

/**
 * Takes the end of file that the stream has come to, for one read. A terminal's stream goes on after it.
 * @returns false when another thread has taken it, and there may be bytes again.
 */
export function takeEnd(kernel: KernelMemory, stream: number, owner: number): boolean {
  const { words } = kernel;
  if (words[stream + STREAM.REOPENS] === 0) return true;
  if (Atomics.compareExchange(words, stream + STREAM.CLOSED, 1, 0) === 0) return false;
  // The host was told of work before the end, which it could not do: the next read has to tell it again.
  Atomics.store(words, stream + STREAM.HOST, 0);
  // So has one that reads already: it took the host for told.
  wakeAll(kernel, stream + STREAM.QUEUE, owner);
  return true;
}

/**
 * Bytes in the ring; to others than its producer and its consumer, what was there a moment ago. HEAD is loaded first,
 * because TAIL is never behind it, and what both move meanwhile cannot be more than the ring.
 */
export function available({ words }: KernelMemory, stream: number): number {
  const head = Atomics.load(words, stream + STREAM.HEAD);
  return Math.min((Atomics.load(words, stream + STREAM.TAIL) - head) >>> 0, RING_BYTES);
}

/** Bytes that still fit into the ring. */
export function room(kernel: KernelMemory, stream: number): number {
  return kernel.words[stream + STREAM.CAPACITY]! - available(kernel, stream);
}

/** Puts as much of `source` as fits and answers how much that was. One producer at a time. */
export function push(kernel: KernelMemory, stream: number, source: Uint8Array): number {
  const { words } = kernel;
  const capacity = words[stream + STREAM.CAPACITY]!;
  const data = words[stream + STREAM.DATA]!;
  kernel.reach(data, capacity / 4);
  const count = Math.min(source.length, room(kernel, stream));
  const tail = words[stream + STREAM.TAIL]! >>> 0;
  const at = tail % capacity;
  const first = Math.min(count, capacity - at);
  kernel.bytes.set(source.subarray(0, first), data * 4 + at);
  kernel.bytes.set(source.subarray(first, count), data * 4);
  Atomics.store(kernel.words, stream + STREAM.TAIL, (tail + count) | 0);
  return count;
}

/** Copies as many bytes as there are, at most `target.length`, into `target` without taking them. */
export function peek(kernel: KernelMemory, stream: number, target: Uint8Array): number {
  const { words } = kernel;
  const capacity = words[stream + STREAM.CAPACITY]!;
  const data = words[stream + STREAM.DATA]!;
  kernel.reach(data, capacity / 4);
  const count = Math.min(target.length, available(kernel, stream));
  const at = (words[stream + STREAM.HEAD]! >>> 0) % capacity;
  const first = Math.min(count, capacity - at);
  const start = data * 4;
  target.set(kernel.bytes.subarray(start + at, start + at + first), 0);
  target.set(kernel.bytes.subarray(start, start + count - first), first);
  return count;
}

/** Takes `count` bytes that were peeked out of the ring. */
export function consume(kernel: KernelMemory, stream: number, count: number): void {
  Atomics.add(kernel.words, stream + STREAM.HEAD, count);
}

/** Takes as many bytes as there are, at most `target.length`, into `target`. One consumer at a time. */
export function pull(kernel: KernelMemory, stream: number, target: Uint8Array): number {
  const count = peek(kernel, stream, target);
  consume(kernel, stream, count);
  return count;
}

/** Wakes the guest threads that wait for bytes or room; the host's call after it moved HEAD or TAIL. */
export function wakeReaders(kernel: KernelMemory, stream: number): void {
  wakeAll(kernel, stream + STREAM.QUEUE, HOST_OWNER);
}

/** Ends the stream for the guest: end of file, or `errno` for every further call. */
export function closeStream(kernel: KernelMemory, stream: number, errno: number): void {
  Atomics.store(kernel.words, stream + STREAM.ERROR, errno);
  Atomics.store(kernel.words, stream + STREAM.CLOSED, 1);
  wakeReaders(kernel, stream);
}
