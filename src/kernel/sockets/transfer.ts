/** Receiving and sending on a stream socket as guest threads do it (ABI §2.9, §6.2). */
import { Errno } from '../../abi/errno.js';
import { Failure, fail } from '../failure.js';
import type { IoVectors } from '../io-vectors.js';
import { lock, unlock } from '../memory/lock.js';
import { available, isClosed, PIPE, PIPE_BUF, RING_BYTES, room } from '../pipes/pipe.js';
import { copyIn } from '../pipes/ring-copy.js';
import { align, Mode, take } from '../pipes/transfer.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { WaitKind } from '../threads/thread-words.js';
import { waitUntil } from '../threads/waiting.js';
import { haveRead, MOST_DIRECT, receiveDirect, sendDirect } from './direct.js';
import { post } from './reactor-list.js';
import { incomingRing, outgoingRing } from './rings.js';
import { isOrphaned, SOCKET, SocketState, stateOf, takeError } from './socket.js';

/** How a call on a socket waits. */
export interface Waiting {
  /** Bits of Mode. */
  readonly mode: number;
  /** Of `performance.now()`, milliseconds; Infinity for none. */
  readonly deadline: number;
  /** What it answers when that has passed. */
  readonly late: Errno;
}

/** As far as the reactor always fills the ring. */
const MOST_PEEKED = RING_BYTES - 4096;

/** From this size on it pays to have the ring begin where copying is fast. */
const WORTH_ALIGNING = 512;

/** Tells the reactor to look at the socket. */
export function look({ kernel, owner }: GuestThread, socket: number): void {
  post(kernel, socket, owner);
}

/** Waits for `ready`, or for the end of the socket's descriptors. BADF, `late`, or INTR for kinds that tell of signals. */
export function waitFor(
  thread: GuestThread,
  socket: number,
  kind: number,
  { mode, deadline, late }: Waiting,
  ready: () => boolean,
): void {
  const { kernel } = thread;
  if ((mode & Mode.NONBLOCK) !== 0) fail(Errno.AGAIN);
  const over = () => ready() || isOrphaned(kernel, socket);
  if (!waitUntil(thread, kind, [socket + SOCKET.QUEUE], over, deadline)) fail(late);
  if (isOrphaned(kernel, socket)) fail(Errno.BADF);
}

/**
 * Sees to it that there is, or was, a connection: waits for one that is being made. Fails with NOTCONN, with AGAIN where
 * that would wait, or with why it could not be made.
 */
export function requireStream(thread: GuestThread, socket: number, waiting: Waiting): void {
  const { kernel } = thread;
  if (stateOf(kernel, socket) === SocketState.CONNECTING) {
    const settled = () => stateOf(kernel, socket) !== SocketState.CONNECTING;
    waitFor(thread, socket, WaitKind.SEND, waiting, settled);
  }
  if (stateOf(kernel, socket) === SocketState.STREAM) return;
  fail((takeError(kernel, socket) || Errno.NOTCONN) as Errno);
}

/**
 * Receives what is there; waits for the first byte, or for all with WAITALL. With PEEK the bytes stay.
 * @returns the bytes, 0 at the end
 */
export function receive(thread: GuestThread, socket: number, vectors: IoVectors, waiting: Waiting): number {
  requireStream(thread, socket, waiting);
  const { kernel, owner } = thread;
  const ring = incomingRing(socket);
  const peeking = (waiting.mode & Mode.PEEK) !== 0;
  const whole = (waiting.mode & Mode.WAITALL) === 0 ? 1 : vectors.total;
  const enough = peeking ? Math.min(whole, MOST_PEEKED) : whole;
  if (vectors.total === 0) return 0;
  for (let done = 0; ; ) {
    const last = isClosed(kernel, ring);
    done = take(thread, ring, vectors, done, peeking);
    if (done < enough && !last && !peeking) done += receiveDirect(thread, socket, vectors, done);
    // Who has got all that was asked for comes again before it waits for an event; others need not.
    if (done < vectors.total) haveRead(kernel, socket, owner);
    if (done >= enough) return done;
    if (last) return done > 0 ? done : endOfInput(thread, socket);
    if ((waiting.mode & Mode.NONBLOCK) !== 0 && done > 0) return done;
    const wanted = peeking ? done + 1 : 1;
    const ready = () => isClosed(kernel, ring) || hasBytes(thread, socket, wanted);
    if (!attempt(done, () => waitFor(thread, socket, WaitKind.READ, waiting, ready))) return done;
    vectors.reload();
  }
}

function endOfInput({ kernel }: GuestThread, socket: number): 0 {
  const errno = takeError(kernel, socket);
  return errno === 0 ? 0 : fail(errno as Errno);
}

/** Whether so many bytes are there; if not, the reactor is to read some, which another thread may have let it put off. */
function hasBytes({ kernel, owner }: GuestThread, socket: number, wanted: number): boolean {
  if (available(kernel, incomingRing(socket)) >= wanted) return true;
  haveRead(kernel, socket, owner);
  return false;
}

/** Runs `wait`; false when it failed after some bytes had been moved, which are then the answer. */
function attempt(done: number, wait: () => void): boolean {
  try {
    wait();
    return true;
  } catch (error) {
    if (done > 0 && error instanceof Failure) return false;
    throw error;
  }
}

/**
 * Sends the bytes that `vectors` say of `source`, which is guest memory or a buffer of the host's own; waits for room.
 * @returns the bytes sent, fewer than all with NONBLOCK or when something came in between
 */
export function send(
  thread: GuestThread,
  socket: number,
  vectors: IoVectors,
  waiting: Waiting,
  source?: Uint8Array,
): number {
  requireStream(thread, socket, waiting);
  const { kernel } = thread;
  const ring = outgoingRing(socket);
  for (let done = 0; ; ) {
    const count = put(thread, socket, vectors, done, source);
    if (count === undefined) return done > 0 ? done : brokenPipe(thread, socket);
    done += count;
    if (done >= vectors.total) return done;
    // The system may take more at once: who sends without blocking is to hear of an end of that only.
    if (count >= MOST_DIRECT) continue;
    if ((waiting.mode & Mode.NONBLOCK) !== 0 && done > 0) return done;
    const ready = () => isClosed(kernel, ring) || room(kernel, ring) >= PIPE_BUF;
    if (!attempt(done, () => waitFor(thread, socket, WaitKind.SEND, waiting, ready))) return done;
    if (!source) vectors.reload();
  }
}

function brokenPipe({ kernel }: GuestThread, socket: number): never {
  return fail((takeError(kernel, socket) || Errno.PIPE) as Errno);
}

/**
 * Hands over what is behind `done` bytes, to the system what it takes and to the ring what fits of the rest, and answers
 * how much that was; undefined when one side is gone.
 */
function put(
  thread: GuestThread,
  socket: number,
  vectors: IoVectors,
  done: number,
  source: Uint8Array | undefined,
): number | undefined {
  const { kernel, owner } = thread;
  const ring = outgoingRing(socket);
  const lockWord = ring + PIPE.WRITE_LOCK;
  let sent = 0;
  let kept = 0;
  lock(kernel.words, lockWord, owner);
  try {
    // Not before: another thread may shut the side down, and then the reactor sends no more.
    if (isClosed(kernel, ring)) return undefined;
    if (vectors.total <= done) return 0;
    sent = sendDirect(thread, socket, vectors, done, source);
    const refused = sent < MOST_DIRECT && done + sent < vectors.total;
    if (refused) kept = keep(thread, socket, vectors, done + sent, source);
  } finally {
    unlock(kernel.words, lockWord);
  }
  if (kept > 0) look(thread, socket);
  return sent + kept;
}

/** Puts what fits behind `done` bytes into the ring, whose lock the caller holds, for the reactor to send. */
function keep(
  { kernel, memory, owner }: GuestThread,
  socket: number,
  vectors: IoVectors,
  done: number,
  source: Uint8Array | undefined,
): number {
  const { words } = kernel;
  const ring = outgoingRing(socket);
  if (!source && vectors.total - done >= WORTH_ALIGNING) {
    align(kernel, ring, vectors.locate(done)[0], owner);
  }
  // Only who holds the lock moves TAIL.
  const tail = words[ring + PIPE.TAIL]!;
  const free = RING_BYTES - ((tail - Atomics.load(words, ring + PIPE.HEAD)) >>> 0);
  const count = Math.min(vectors.total - done, free);
  copyIn(kernel, ring, source ?? memory.bytes, vectors, done, count);
  Atomics.store(words, ring + PIPE.TAIL, (tail + count) | 0);
  return count;
}
