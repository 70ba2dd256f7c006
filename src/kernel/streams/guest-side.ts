/** What guest threads do with a stream: read, write and look, parking until the host's event loop has moved bytes. */
import { Errno } from '../../abi/errno.js';
import { fail } from '../failure.js';
import type { IoVectors } from '../io-vectors.js';
import { lock, unlock } from '../memory/lock.js';
import { deliverSignals } from '../signals/delivery.js';
import { deliverableSignals } from '../signals/pending.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { WaitKind } from '../threads/thread-words.js';
import { wakeAll } from '../threads/wait-queue.js';
import { waitUntil } from '../threads/waiting.js';
import { available, pull, push, room, STREAM, takeEnd } from './stream.js';

/** Tells the host once that the stream needs it. */
export function callHost(thread: GuestThread, stream: number): void {
  if (Atomics.exchange(thread.kernel.words, stream + STREAM.HOST, 1) === 0) {
    thread.view.link.post({ type: 'stream', stream });
  }
}

/** True when a read would not block: bytes are there, or no more will come. */
export function isReadable(thread: GuestThread, stream: number): boolean {
  const { kernel } = thread;
  return Atomics.load(kernel.words, stream + STREAM.CLOSED) === 1 || available(kernel, stream) > 0;
}

/** Whether a read would not block; if it would, the host knows of it. */
function hasArrived(thread: GuestThread, stream: number): boolean {
  if (isReadable(thread, stream)) return true;
  callHost(thread, stream);
  return false;
}

/** Reads what is there into `vectors`; waits for the first byte unless `nonblocking`. 0 at the end. */
export function readStream(
  thread: GuestThread,
  stream: number,
  vectors: IoVectors,
  nonblocking: boolean,
): number {
  if (vectors.total === 0) return 0;
  for (;;) {
    const count = takeBytes(thread, stream, vectors);
    if (count > 0) {
      callHost(thread, stream);
      return count;
    }
    const { words } = thread.kernel;
    if (Atomics.load(words, stream + STREAM.CLOSED) === 1 && available(thread.kernel, stream) === 0) {
      const errno = words[stream + STREAM.ERROR]!;
      if (errno !== 0) fail(errno as Errno);
      if (takeEnd(thread.kernel, stream, thread.owner)) return 0;
    }
    callHost(thread, stream);
    if (nonblocking) fail(Errno.AGAIN);
    waitUntil(thread, WaitKind.READ, [stream + STREAM.QUEUE], () => hasArrived(thread, stream), Infinity);
    vectors.reload();
  }
}

function takeBytes(thread: GuestThread, stream: number, vectors: IoVectors): number {
  const { kernel, memory } = thread;
  lock(kernel.words, stream + STREAM.LOCK, thread.owner);
  try {
    let count = 0;
    for (let i = 0; i < vectors.count; i++) {
      const start = vectors.pointers[i]!;
      const length = vectors.lengths[i]!;
      const taken = pull(kernel, stream, memory.bytes.subarray(start, start + length));
      count += taken;
      if (taken < length) break;
    }
    return count;
  } finally {
    unlock(kernel.words, stream + STREAM.LOCK);
  }
}

/** Fails when the other side is gone: PIPE, or the error it ended with. */
function failIfClosed(thread: GuestThread, stream: number): void {
  const { words } = thread.kernel;
  if (Atomics.load(words, stream + STREAM.CLOSED) === 0) return;
  const errno = words[stream + STREAM.ERROR]!;
  fail(errno === 0 ? Errno.PIPE : (errno as Errno));
}

/** Waits until the ring has room, or will never have any. */
function waitForRoom(thread: GuestThread, stream: number): void {
  const { kernel } = thread;
  waitInTurn(thread, stream, () => isClosed(thread, stream) || room(kernel, stream) > 0);
}

function isClosed({ kernel }: GuestThread, stream: number): boolean {
  return Atomics.load(kernel.words, stream + STREAM.CLOSED) === 1;
}

/**
 * Waits for the host with the turn taken. A signal handler may itself write to the stream, so it runs with the turn
 * given back; the write goes on behind what other threads have written meanwhile.
 */
function waitInTurn(thread: GuestThread, stream: number, settled: () => boolean): void {
  const ready = () => settled() || deliverableSignals(thread) !== 0;
  for (;;) {
    waitUntil(thread, WaitKind.WRITE, [stream + STREAM.QUEUE], ready, Number.POSITIVE_INFINITY);
    if (settled()) return;
    giveTurn(thread, stream);
    deliverSignals(thread);
    takeTurn(thread, stream);
  }
}

/**
 * Sends bytes through the ring, parking while it is full. `skip` leaves out that many bytes at the start of
 * `vectors`. The caller has the turn.
 * @returns the bytes sent; fewer than asked for only when `nonblocking`.
 */
export function sendThroughRing(
  thread: GuestThread,
  stream: number,
  vectors: IoVectors,
  skip: number,
  nonblocking: boolean,
): number {
  const { kernel, memory } = thread;
  let sent = skip;
  while (sent < vectors.total) {
    failIfClosed(thread, stream);
    const [start, end] = vectors.locate(sent);
    const count = push(kernel, stream, memory.bytes.subarray(start, end));
    sent += count;
    callHost(thread, stream);
    if (count > 0) continue;
    if (nonblocking) break;
    waitForRoom(thread, stream);
    vectors.reload();
  }
  return sent - skip;
}

/** Sends bytes of the host's own making, parking while the ring is full. A stream that is closed swallows them. */
export function sendBytes(thread: GuestThread, stream: number, bytes: Uint8Array): void {
  const { kernel } = thread;
  withTurn(thread, stream, false, () => {
    for (let sent = 0; sent < bytes.length && !isClosed(thread, stream); ) {
      sent += push(kernel, stream, bytes.subarray(sent));
      callHost(thread, stream);
      if (sent < bytes.length) waitForRoom(thread, stream);
    }
  });
}

/** As `sendBytes` for a thread that may not wait any more: all of the bytes if they fit at once, else none. */
export function offerBytes(thread: GuestThread, stream: number, bytes: Uint8Array): void {
  const { words } = thread.kernel;
  const turn = stream + STREAM.TURN;
  if (Atomics.compareExchange(words, turn, 0, thread.owner) !== 0) return;
  if (room(thread.kernel, stream) >= bytes.length) push(thread.kernel, stream, bytes);
  Atomics.store(words, turn, 0);
  wakeAll(thread.kernel, stream + STREAM.TURN_QUEUE, thread.owner);
  callHost(thread, stream);
}

/** Waits until the host has taken everything out of the ring. */
export function waitForDrain(thread: GuestThread, stream: number): void {
  const { kernel } = thread;
  waitInTurn(thread, stream, () => available(kernel, stream) === 0 || isClosed(thread, stream));
  failIfClosed(thread, stream);
}

/** Runs `write` while no other thread writes to the stream, so that whole writes do not mix. */
export function withTurn<T>(thread: GuestThread, stream: number, nonblocking: boolean, write: () => T): T {
  if (nonblocking) {
    if (!tryTurn(thread, stream)) fail(Errno.AGAIN);
  } else takeTurn(thread, stream);
  try {
    return write();
  } finally {
    giveTurn(thread, stream);
  }
}

function tryTurn({ kernel, owner }: GuestThread, stream: number): boolean {
  return Atomics.compareExchange(kernel.words, stream + STREAM.TURN, 0, owner) === 0;
}

function takeTurn(thread: GuestThread, stream: number): void {
  if (tryTurn(thread, stream)) return;
  const take = () => tryTurn(thread, stream);
  waitUntil(thread, WaitKind.WRITE, [stream + STREAM.TURN_QUEUE], take, Number.POSITIVE_INFINITY);
}

/** Gives the turn back if it is the calling thread's: one that left while a handler ran had none. */
function giveTurn({ kernel, owner }: GuestThread, stream: number): void {
  if (Atomics.compareExchange(kernel.words, stream + STREAM.TURN, owner, 0) !== owner) return;
  wakeAll(kernel, stream + STREAM.TURN_QUEUE, owner);
}
