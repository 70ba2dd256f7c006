/** Receiving and sending datagrams as guest threads do it (ABI §2.9, §6.2). */
import { Errno } from '../../abi/errno.js';
import { AddressFamily } from '../../abi/socket.js';
import { fail } from '../failure.js';
import type { IoVectors } from '../io-vectors.js';
import { lock, unlock } from '../memory/lock.js';
import { Mode } from '../pipes/transfer.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { WaitKind } from '../threads/thread-words.js';
import { ADDRESS, loadAddress, type SocketAddress, storeAddress } from './address.js';
import { hasPeer } from './datagram.js';
import { isAddressAt, knowsDestination, rememberDestination } from './datagram-destinations.js';
import {
  copyDatagramIn,
  copyDatagramOut,
  DATAGRAM,
  DATAGRAM_RING,
  datagramAt,
  freeBytes,
  hasDatagrams,
  hasRoom,
  incomingDatagrams,
  outgoingDatagrams,
  recordSize,
} from './datagram-ring.js';
import { callReactor } from './reactor-call.js';
import { ReactorOperation } from './reactor-list.js';
import { SOCKET, SocketState, stateOf, takeError } from './socket.js';
import { look, type Waiting, waitFor } from './transfer.js';

/** Most bytes of a datagram: 65,535 less the headers; those of IPv6 do not count its own. */
const LONGEST = { [AddressFamily.INET4]: 65_507, [AddressFamily.INET6]: 65_527 } as const;

/** A datagram that was received. */
export interface Received {
  /** Bytes that are in the buffers. */
  readonly count: number;
  /** Bytes that it had. */
  readonly length: number;
  /** Who sent it, where that was asked for. */
  readonly from: SocketAddress | undefined;
}

/** An error that has come up since the last call ends this one. */
function failIfFailed({ kernel }: GuestThread, socket: number): void {
  const errno = takeError(kernel, socket);
  if (errno !== 0) fail(errno as Errno);
}

function hasFailed({ kernel }: GuestThread, socket: number): boolean {
  return Atomics.load(kernel.words, socket + SOCKET.ERROR) !== 0;
}

/** Receives one datagram, cut to the buffers; waits for it. With PEEK it stays. */
export function receiveDatagram(
  thread: GuestThread,
  socket: number,
  vectors: IoVectors,
  waiting: Waiting,
  wantsSender: boolean,
): Received {
  const { kernel } = thread;
  const ring = incomingDatagrams(socket);
  // Nothing could ever arrive (ABI §2.9).
  if (stateOf(kernel, socket) === SocketState.FRESH) fail(Errno.NOTCONN);
  const ready = () => hasDatagrams(kernel, ring) || hasFailed(thread, socket);
  for (;;) {
    failIfFailed(thread, socket);
    const received = take(thread, ring, vectors, (waiting.mode & Mode.PEEK) !== 0, wantsSender);
    if (received) return received;
    waitFor(thread, socket, WaitKind.READ, waiting, ready);
    vectors.reload();
  }
}

function take(
  { kernel, memory, owner }: GuestThread,
  ring: number,
  vectors: IoVectors,
  peeking: boolean,
  wantsSender: boolean,
): Received | undefined {
  if (!hasDatagrams(kernel, ring)) return undefined;
  const { words } = kernel;
  lock(words, ring + DATAGRAM_RING.READ_LOCK, owner);
  try {
    // Only who holds the lock moves HEAD.
    const head = words[ring + DATAGRAM_RING.HEAD]!;
    if (Atomics.load(words, ring + DATAGRAM_RING.TAIL) === head) return undefined;
    const datagram = datagramAt(kernel, ring, head);
    const length = kernel.words[datagram + DATAGRAM.LENGTH]!;
    const count = Math.min(length, vectors.total);
    copyDatagramOut(kernel, ring, head, memory.bytes, vectors, count);
    const from = wantsSender ? loadAddress(kernel, datagram + DATAGRAM.ADDRESS) : undefined;
    if (!peeking) Atomics.store(words, ring + DATAGRAM_RING.HEAD, (head + recordSize(length)) | 0);
    return { count, length, from };
  } finally {
    unlock(words, ring + DATAGRAM_RING.READ_LOCK);
  }
}

/** What became of an attempt to put a datagram into the ring. */
const Put = { DONE: 0, FULL: 1, UNKNOWN: 2 } as const;

/**
 * Sends the bytes of `vectors` as one datagram, to the peer without `to`; waits for room. The first to a destination goes
 * by a call of the reactor, which answers what it is refused for; the socket is bound then, if it is not yet.
 * @returns the bytes sent, always all
 */
export function sendDatagram(
  thread: GuestThread,
  socket: number,
  vectors: IoVectors,
  waiting: Waiting,
  to?: SocketAddress,
): number {
  const { kernel } = thread;
  const family = kernel.words[socket + SOCKET.FAMILY] as keyof typeof LONGEST;
  if (vectors.total > LONGEST[family]) fail(Errno.MSGSIZE);
  if (to && to.family !== family) fail(Errno.INVAL);
  const ring = outgoingDatagrams(socket);
  const ready = () => hasRoom(kernel, ring) || hasFailed(thread, socket);
  for (;;) {
    failIfFailed(thread, socket);
    switch (put(thread, socket, vectors, destinationOf(thread, socket, to))) {
      case Put.DONE:
        look(thread, socket);
        return vectors.total;
      case Put.UNKNOWN:
        return sendFirst(thread, socket, vectors, to!);
    }
    waitFor(thread, socket, WaitKind.SEND, waiting, ready);
    vectors.reload();
  }
}

/** Undefined for the peer; NOTCONN where there is none. Node sends from a connected socket to its peer only: else ISCONN. */
function destinationOf(
  { kernel }: GuestThread,
  socket: number,
  to: SocketAddress | undefined,
): SocketAddress | undefined {
  if (!hasPeer(kernel, socket)) return to ?? fail(Errno.NOTCONN);
  if (to && !isAddressAt(kernel, socket + SOCKET.PEER, to)) fail(Errno.ISCONN);
  return undefined;
}

function put(
  { kernel, memory, owner }: GuestThread,
  socket: number,
  vectors: IoVectors,
  to: SocketAddress | undefined,
): number {
  const { words } = kernel;
  const ring = outgoingDatagrams(socket);
  lock(words, ring + DATAGRAM_RING.WRITE_LOCK, owner);
  try {
    if (to && !knowsDestination(kernel, words[socket + SOCKET.ALLOWED]!, to)) return Put.UNKNOWN;
    const size = recordSize(vectors.total);
    if (size > freeBytes(kernel, ring)) return Put.FULL;
    // Only who holds the lock moves TAIL.
    const tail = words[ring + DATAGRAM_RING.TAIL]!;
    const datagram = datagramAt(kernel, ring, tail);
    kernel.words[datagram + DATAGRAM.LENGTH] = vectors.total;
    if (to) storeAddress(kernel, datagram + DATAGRAM.ADDRESS, to);
    else kernel.words[datagram + DATAGRAM.ADDRESS + ADDRESS.FAMILY] = AddressFamily.UNSPEC;
    copyDatagramIn(kernel, ring, tail, memory.bytes, vectors);
    Atomics.store(words, ring + DATAGRAM_RING.TAIL, (tail + size) | 0);
    return Put.DONE;
  } finally {
    unlock(words, ring + DATAGRAM_RING.WRITE_LOCK);
  }
}

/** Has the reactor check the destination and send the datagram, whose bytes lie behind the words of the call. */
function sendFirst(thread: GuestThread, socket: number, vectors: IoVectors, to: SocketAddress): number {
  const { kernel, memory, owner } = thread;
  const { total } = vectors;
  const fill = (at: number) => {
    let place = at * 4;
    for (let i = 0; i < vectors.count; i++) {
      const start = vectors.pointers[i]!;
      const length = vectors.lengths[i]!;
      kernel.bytes.set(memory.bytes.subarray(start, start + length), place);
      place += length;
    }
  };
  const more = { count: Math.ceil(total / 4), fill, take: () => undefined };
  const asked = { operation: ReactorOperation.SEND_TO, socket, address: to, number: total, more };
  const errno = callReactor(thread, asked);
  if (errno !== Errno.SUCCESS) fail(errno);
  const writeLock = outgoingDatagrams(socket) + DATAGRAM_RING.WRITE_LOCK;
  lock(kernel.words, writeLock, owner);
  rememberDestination(kernel, kernel.words[socket + SOCKET.ALLOWED]!, to);
  unlock(kernel.words, writeLock);
  return total;
}
