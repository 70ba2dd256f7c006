/**
 * Guest threads at the system's socket itself, without the reactor on the way: all workers of a process share its
 * descriptors, and a connection's never blocks. The order of the bytes is kept by two rules:
 *
 *   - A thread sends directly only under the WRITE_LOCK of the outgoing ring and while that is empty, which it is when the
 *     reactor has written all that was ever in it.
 *   - A thread receives directly only under the READ_LOCK of the incoming ring, while that is empty and STALLED is 1: the
 *     reactor has stopped reading for want of room. It reads again only after it has made STALLED 0 under that lock.
 *
 * DESCRIPTOR is 0 from before the system closes the socket, under both locks: its number may be another file's then.
 */
import { readSync, readvSync, writeSync, writevSync } from 'node:fs';
import { codeOf, errnoOfHostError } from '../files/host-error.js';
import type { IoVectors } from '../io-vectors.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import { isClosed, isEmpty, PIPE } from '../pipes/pipe.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { post } from './reactor-list.js';
import { incomingRing, outgoingRing } from './rings.js';
import { failConnection, SOCKET } from './socket.js';

/** For less it is not worth a call of the system: the reactor reads ahead. */
const WORTH_RECEIVING = 4096;

/** So much one call of the system moves at most: a lock is held meanwhile. */
export const MOST_DIRECT = 262_144;

/** Lets guest threads use the system's socket; the reactor's. */
export function openDirect({ words }: KernelMemory, socket: number, descriptor: number): void {
  Atomics.store(words, socket + SOCKET.DESCRIPTOR, descriptor + 1);
}

/** From now on no guest thread uses it, or is just using it; the reactor's. */
export function closeDirect(kernel: KernelMemory, socket: number, owner: number): void {
  const { words } = kernel;
  const locks = [incomingRing(socket) + PIPE.READ_LOCK, outgoingRing(socket) + PIPE.WRITE_LOCK];
  for (const word of locks) lock(words, word, owner);
  Atomics.store(words, socket + SOCKET.DESCRIPTOR, 0);
  for (const word of locks) unlock(words, word);
}

/** Whether the reactor has stopped reading. */
export function isStalled({ words }: KernelMemory, socket: number): boolean {
  return Atomics.load(words, socket + SOCKET.STALLED) === 1;
}

/** The reactor reads again: no guest thread does from now on. */
export function endStall({ words }: KernelMemory, socket: number, owner: number): void {
  const word = incomingRing(socket) + PIPE.READ_LOCK;
  lock(words, word, owner);
  Atomics.store(words, socket + SOCKET.STALLED, 0);
  unlock(words, word);
}

/** Has the reactor read again if it has stopped: nothing is left in the ring, and somebody waits for more. */
export function haveRead(kernel: KernelMemory, socket: number, owner: number): void {
  if (isStalled(kernel, socket)) post(kernel, socket, owner);
}

/**
 * Sends what the system takes at once of `vectors`, behind their first `done` bytes, and answers how much that was. The
 * caller holds the WRITE_LOCK and sends the rest by the ring, which also finds out about a connection that is broken; of
 * MOST_DIRECT it may come again.
 */
export function sendDirect(
  { kernel, memory }: GuestThread,
  socket: number,
  vectors: IoVectors,
  done: number,
  source: Uint8Array | undefined,
): number {
  const ring = outgoingRing(socket);
  const descriptor = kernel.words[socket + SOCKET.DESCRIPTOR]! - 1;
  if (descriptor < 0 || !isEmpty(kernel, ring)) return 0;
  const bytes = source ?? memory.bytes;
  try {
    if (vectors.count > 1) return writevSync(descriptor, pieces(bytes, vectors, done));
    const start = vectors.pointers[0]! + done;
    return writeSync(descriptor, bytes, start, Math.min(vectors.lengths[0]! - done, MOST_DIRECT));
  } catch (error) {
    // Said once by the system: the reactor's attempt would only hear of a closed connection.
    if (!isClosed(kernel, ring)) keepError(kernel, socket, error);
    return 0;
  }
}

/**
 * Receives what the system has into `vectors`, behind their first `done` bytes, and answers how much that was: 0 at the
 * end and after an error too, which the reactor finds out about when it reads again.
 */
export function receiveDirect(thread: GuestThread, socket: number, vectors: IoVectors, done: number): number {
  const { kernel, owner } = thread;
  if (vectors.total - done < WORTH_RECEIVING || !isStalled(kernel, socket)) return 0;
  const ring = incomingRing(socket);
  lock(kernel.words, ring + PIPE.READ_LOCK, owner);
  try {
    const descriptor = kernel.words[socket + SOCKET.DESCRIPTOR]! - 1;
    const mine = descriptor >= 0 && isStalled(kernel, socket) && isEmpty(kernel, ring);
    return mine ? receiveFrom(thread, descriptor, vectors, done) : 0;
  } catch (error) {
    keepError(kernel, socket, error);
    return 0;
  } finally {
    unlock(kernel.words, ring + PIPE.READ_LOCK);
  }
}

function receiveFrom({ memory }: GuestThread, descriptor: number, vectors: IoVectors, done: number): number {
  const { bytes } = memory;
  if (vectors.count > 1) return readvSync(descriptor, pieces(bytes, vectors, done));
  const start = vectors.pointers[0]! + done;
  return readSync(descriptor, bytes, start, Math.min(vectors.lengths[0]! - done, MOST_DIRECT), null);
}

/** The buffers behind their first `done` bytes, as many as make MOST_DIRECT. */
function pieces(bytes: Uint8Array, vectors: IoVectors, done: number): Uint8Array[] {
  const views: Uint8Array[] = [];
  let skip = done;
  let left = MOST_DIRECT;
  for (let i = 0; i < vectors.count && left > 0; i++) {
    const length = vectors.lengths[i]!;
    if (skip < length) {
      const start = vectors.pointers[i]! + skip;
      const part = Math.min(length - skip, left);
      views.push(bytes.subarray(start, start + part));
      left -= part;
    }
    skip = Math.max(0, skip - length);
  }
  return views;
}

/** The guest is told when the reactor has found the connection broken too; that it would have blocked is no error. */
function keepError(kernel: KernelMemory, socket: number, error: unknown): void {
  if (codeOf(error) === 'EAGAIN') return;
  const errno = errnoOfHostError(error);
  if (errno === undefined) throw error;
  failConnection(kernel, socket, errno);
}
