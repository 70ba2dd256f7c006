/** Reading from and writing to pipes as guest threads do it: park when there is nothing to take, or no room. */
import { EpollType } from '../../abi/epoll.js';
import { Errno } from '../../abi/errno.js';
import { Failure, fail } from '../failure.js';
import type { IoVectors } from '../io-vectors.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { spinUntil } from '../threads/spinning.js';
import { WaitKind } from '../threads/thread-words.js';
import { wakeAll } from '../threads/wait-queue.js';
import { waitUntil } from '../threads/waiting.js';
import { available, isClosed, isEmpty, PIPE, PIPE_BUF, RING_BYTES, room } from './pipe.js';
import { COPY_WORD, copyIn, copyOut } from './ring-copy.js';

/** How a transfer goes, as bits. Without any it waits for the first byte, or until all bytes are written. */
export const Mode = { NONBLOCK: 1, PEEK: 2, WAITALL: 4 } as const;

/** From this size on it pays to have the ring begin where copying is fast. */
const WORTH_ALIGNING = 512;

/**
 * Reads what is there into `vectors`; waits for the first byte, or for all with WAITALL. With PEEK the bytes stay.
 * @returns the bytes read, 0 at the end. Fails with AGAIN, or with INTR when a signal came before the first byte.
 */
export function readPipe(thread: GuestThread, pipe: number, vectors: IoVectors, mode: number): number {
  const { kernel } = thread;
  const peeking = (mode & Mode.PEEK) !== 0;
  if (vectors.total === 0) return 0;
  let done = 0;
  for (;;) {
    const last = isClosed(kernel, pipe);
    done = take(thread, pipe, vectors, done, peeking);
    const enough = (mode & Mode.WAITALL) === 0 ? 1 : vectors.total;
    if (last || done >= Math.min(enough, peeking ? RING_BYTES : enough)) return done;
    if ((mode & Mode.NONBLOCK) !== 0) return done > 0 ? done : fail(Errno.AGAIN);
    const wanted = peeking ? done + 1 : 1;
    if (!wait(thread, pipe, WaitKind.READ, () => isReadable(kernel, pipe, wanted), done)) return done;
    vectors.reload();
  }
}

function isReadable(kernel: KernelMemory, pipe: number, wanted: number): boolean {
  if (isClosed(kernel, pipe)) return true;
  return wanted === 1 ? !isEmpty(kernel, pipe) : available(kernel, pipe) >= wanted;
}

/** Copies out behind `done` bytes (when peeking: all anew) and answers how many there are then. */
export function take(
  thread: GuestThread,
  pipe: number,
  vectors: IoVectors,
  done: number,
  peeking: boolean,
): number {
  const { kernel, memory, owner } = thread;
  const { words } = kernel;
  const from = peeking ? 0 : done;
  if (isEmpty(kernel, pipe)) return from;
  lock(words, pipe + PIPE.READ_LOCK, owner);
  let count: number;
  let left: number;
  try {
    // Only who holds the lock moves HEAD.
    const head = words[pipe + PIPE.HEAD]!;
    const there = (Atomics.load(words, pipe + PIPE.TAIL) - head) >>> 0;
    count = Math.max(0, Math.min(vectors.total - from, there));
    left = there - count;
    copyOut(kernel, pipe, memory.bytes, vectors, from, count);
    if (!peeking) Atomics.store(words, pipe + PIPE.HEAD, (head + count) | 0);
  } finally {
    unlock(words, pipe + PIPE.READ_LOCK);
  }
  // Writers wait for PIPE_BUF bytes at most: less room is no news to them, nor to who polls.
  if (!peeking && count > 0 && RING_BYTES - left >= PIPE_BUF) {
    wakeAll(kernel, words[pipe + PIPE.WRITE_QUEUE]!, owner, EpollType.OUT);
  }
  return from + count;
}

/**
 * Writes `vectors`, waiting for room. Up to PIPE_BUF bytes go in whole; with NONBLOCK what is longer may go in part.
 * @returns the bytes written. Fails with AGAIN, with PIPE when nobody reads, with INTR when a signal came before the
 * first byte was written.
 */
export function writePipe(thread: GuestThread, pipe: number, vectors: IoVectors, mode: number): number {
  const { kernel } = thread;
  const whole = vectors.total <= PIPE_BUF;
  let done = 0;
  for (;;) {
    if (vectors.total <= done) return done;
    const written = put(thread, pipe, vectors, done, whole);
    if (written === undefined) return done > 0 ? done : fail(Errno.PIPE);
    done = written;
    if (done >= vectors.total) return done;
    if ((mode & Mode.NONBLOCK) !== 0) return done > 0 ? done : fail(Errno.AGAIN);
    const wanted = Math.min(vectors.total - done, PIPE_BUF);
    if (!wait(thread, pipe, WaitKind.SEND, () => isWritable(kernel, pipe, wanted), done)) return done;
    vectors.reload();
  }
}

function isWritable(kernel: KernelMemory, pipe: number, wanted: number): boolean {
  return isClosed(kernel, pipe) || room(kernel, pipe) >= wanted;
}

/**
 * Copies in what fits behind `done` bytes, or all or nothing when `whole`, and answers how many have been written then;
 * undefined when one side is gone.
 */
function put(
  thread: GuestThread,
  pipe: number,
  vectors: IoVectors,
  done: number,
  whole: boolean,
): number | undefined {
  const { kernel, memory, owner } = thread;
  const { words } = kernel;
  const left = vectors.total - done;
  let count: number;
  lock(words, pipe + PIPE.WRITE_LOCK, owner);
  try {
    // Not before: another thread may shut the side down, and then a reader has seen the end.
    if (isClosed(kernel, pipe)) return undefined;
    if (left >= WORTH_ALIGNING) align(kernel, pipe, vectors.locate(done)[0], owner);
    // Only who holds the lock moves TAIL.
    const tail = words[pipe + PIPE.TAIL]!;
    const free = RING_BYTES - ((tail - Atomics.load(words, pipe + PIPE.HEAD)) >>> 0);
    count = Math.min(left, free);
    if (whole && count < left) return done;
    copyIn(kernel, pipe, memory.bytes, vectors, done, count);
    Atomics.store(words, pipe + PIPE.TAIL, (tail + count) | 0);
  } finally {
    unlock(words, pipe + PIPE.WRITE_LOCK);
  }
  if (count > 0) wakeAll(kernel, words[pipe + PIPE.READ_QUEUE]!, owner, EpollType.IN);
  return done + count;
}

/** Lets an empty ring begin where it lies to the copy's words as `address` does. The caller holds the write lock. */
export function align(kernel: KernelMemory, pipe: number, address: number, owner: number): void {
  const { words } = kernel;
  const tail = words[pipe + PIPE.TAIL]!;
  const shift = words[pipe + PIPE.SHIFT]!;
  const off = (address - tail - shift) & (COPY_WORD - 1);
  if (off === 0 || Atomics.load(words, pipe + PIPE.HEAD) !== tail) return;
  // A reader that holds its lock is about to look at the ring: it is left alone.
  if (Atomics.compareExchange(words, pipe + PIPE.READ_LOCK, 0, owner) !== 0) return;
  words[pipe + PIPE.SHIFT] = (shift + off) % RING_BYTES;
  unlock(words, pipe + PIPE.READ_LOCK);
}

/** Waits on the queue of one side; false when a signal came after `done` bytes, which are then the answer. */
function wait(
  thread: GuestThread,
  pipe: number,
  kind: typeof WaitKind.READ | typeof WaitKind.SEND,
  ready: () => boolean,
  done: number,
): boolean {
  if (spinUntil(ready)) return true;
  const queue = thread.kernel.words[pipe + (kind === WaitKind.READ ? PIPE.READ_QUEUE : PIPE.WRITE_QUEUE)]!;
  try {
    return waitUntil(thread, kind, [queue], ready, Number.POSITIVE_INFINITY);
  } catch (error) {
    if (done > 0 && error instanceof Failure && error.errno === Errno.INTR) return false;
    throw error;
  }
}
