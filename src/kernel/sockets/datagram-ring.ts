/**
 * The rings of a datagram socket: incoming datagrams, which the reactor puts and guest threads take, and outgoing ones. Each
 * has the place of a stream's ring in the socket's record (socket.ts), 16 words:
 *
 *   0 DATA        block of the ring, RING_SIZE bytes
 *   1 HEAD        bytes taken so far (mod 2^32); stored under READ_LOCK, or by the reactor, which is alone on its side
 *   2 TAIL        bytes put so far (mod 2^32); stored under WRITE_LOCK, or by the reactor
 *   4 READ_LOCK   held while a guest thread takes
 *   5 WRITE_LOCK  held while a guest thread puts, or uses the list of allowed destinations (datagram-destinations.ts)
 *
 * A datagram in the ring: 8 words, 0 LENGTH, 1…6 ADDRESS (address.ts: the sender, or where it goes; FAMILY is 0 for the
 * socket's peer), then its bytes, filled up to a multiple of the same 32 bytes, so that only the bytes can go across the
 * end of the ring.
 */
import type { IoVectors } from '../io-vectors.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { type SocketAddress, storeAddress } from './address.js';
import { SOCKET } from './socket.js';

export const DATAGRAM_RING = { DATA: 0, HEAD: 1, TAIL: 2, READ_LOCK: 4, WRITE_LOCK: 5 } as const;

export const DATAGRAM = { LENGTH: 0, ADDRESS: 1, WORDS: 8 } as const;

const HEADER_BYTES = DATAGRAM.WORDS * 4;

/** Bytes of a ring: any datagram fits into half of it. A power of two. */
export const RING_SIZE = 131_072;

const MASK = RING_SIZE - 1;

/** Rings lie in the first 768 MiB of kernel memory, as those of pipes do. */
const RINGS_WITHIN = 0x0c00_0000;

export const incomingDatagrams = (socket: number): number => socket + SOCKET.IN;
export const outgoingDatagrams = (socket: number): number => socket + SOCKET.OUT;

/** Answers the block of a new ring. KernelMemoryFull when there is no memory. */
export function allocateDatagramRing(kernel: KernelMemory, owner: number): number {
  return kernel.allocate(RING_SIZE / 4, owner, RINGS_WITHIN);
}

export function freeDatagramRing(kernel: KernelMemory, block: number, owner: number): void {
  kernel.free(block, RING_SIZE / 4, owner);
}

/** Bytes that a datagram with `length` bytes takes in a ring. */
export function recordSize(length: number): number {
  return HEADER_BYTES + ((length + HEADER_BYTES - 1) & -HEADER_BYTES);
}

/** Bytes that are taken up, as they were a moment ago. */
export function usedBytes({ words }: KernelMemory, ring: number): number {
  const head = Atomics.load(words, ring + DATAGRAM_RING.HEAD);
  return Math.min((Atomics.load(words, ring + DATAGRAM_RING.TAIL) - head) >>> 0, RING_SIZE);
}

export function hasDatagrams(kernel: KernelMemory, ring: number): boolean {
  return usedBytes(kernel, ring) > 0;
}

/** Bytes that the next datagram has, as it was a moment ago; 0 when there is none. */
export function nextLength(kernel: KernelMemory, ring: number): number {
  if (!hasDatagrams(kernel, ring)) return 0;
  const head = Atomics.load(kernel.words, ring + DATAGRAM_RING.HEAD);
  // Whoever has taken it meanwhile, it is no more than a datagram can have.
  return kernel.words[datagramAt(kernel, ring, head) + DATAGRAM.LENGTH]! & 0xffff;
}

export function freeBytes(kernel: KernelMemory, ring: number): number {
  return RING_SIZE - usedBytes(kernel, ring);
}

/** Whether any datagram fits: what a sender waits for, and what poll calls writable. */
export function hasRoom(kernel: KernelMemory, ring: number): boolean {
  return usedBytes(kernel, ring) <= RING_SIZE / 2 - HEADER_BYTES;
}

/** The words of the datagram at `position`, a value of HEAD or TAIL. */
export function datagramAt(kernel: KernelMemory, ring: number, position: number): number {
  const block = kernel.words[ring + DATAGRAM_RING.DATA]!;
  kernel.reach(block, RING_SIZE / 4);
  return block + (position & MASK) / 4;
}

/** Where the bytes of the datagram at `position` begin: a byte of the ring. */
function bytesAt(position: number): number {
  return (position + HEADER_BYTES) & MASK;
}

/** Copies all bytes of `vectors` into the datagram at `position`. */
export function copyDatagramIn(
  kernel: KernelMemory,
  ring: number,
  position: number,
  guest: Uint8Array,
  vectors: IoVectors,
): void {
  const base = kernel.words[ring + DATAGRAM_RING.DATA]! * 4;
  let at = bytesAt(position);
  for (let i = 0; i < vectors.count; i++) {
    const start = vectors.pointers[i]!;
    const length = vectors.lengths[i]!;
    const first = Math.min(length, RING_SIZE - at);
    kernel.bytes.set(guest.subarray(start, start + first), base + at);
    if (first < length) kernel.bytes.set(guest.subarray(start + first, start + length), base);
    at = (at + length) & MASK;
  }
}

/** Copies the first `count` bytes of the datagram at `position` into `vectors`. */
export function copyDatagramOut(
  kernel: KernelMemory,
  ring: number,
  position: number,
  guest: Uint8Array,
  vectors: IoVectors,
  count: number,
): void {
  const base = kernel.words[ring + DATAGRAM_RING.DATA]! * 4;
  let at = bytesAt(position);
  let left = count;
  for (let i = 0; left > 0; i++) {
    const start = vectors.pointers[i]!;
    const length = Math.min(vectors.lengths[i]!, left);
    const first = Math.min(length, RING_SIZE - at);
    guest.set(kernel.bytes.subarray(base + at, base + at + first), start);
    if (first < length) guest.set(kernel.bytes.subarray(base, base + length - first), start + first);
    at = (at + length) & MASK;
    left -= length;
  }
}

/** The bytes of the datagram at `position`, where they are: one piece, or two when it goes across the end of the ring. */
export function piecesOf(kernel: KernelMemory, ring: number, position: number): Buffer[] {
  const length = kernel.words[datagramAt(kernel, ring, position) + DATAGRAM.LENGTH]!;
  const base = kernel.words[ring + DATAGRAM_RING.DATA]! * 4;
  const at = bytesAt(position);
  const first = Math.min(length, RING_SIZE - at);
  const { buffer } = kernel.bytes;
  const pieces = [Buffer.from(buffer, base + at, first)];
  if (first < length) pieces.push(Buffer.from(buffer, base, length - first));
  return pieces;
}

/** Puts a datagram that has arrived into the incoming ring; the reactor's call. False when there is no room. */
export function putArrived(
  kernel: KernelMemory,
  ring: number,
  bytes: Uint8Array,
  sender: SocketAddress,
): boolean {
  const size = recordSize(bytes.length);
  if (size > freeBytes(kernel, ring)) return false;
  const tail = kernel.words[ring + DATAGRAM_RING.TAIL]!;
  const datagram = datagramAt(kernel, ring, tail);
  kernel.words[datagram + DATAGRAM.LENGTH] = bytes.length;
  storeAddress(kernel, datagram + DATAGRAM.ADDRESS, sender);
  const base = kernel.words[ring + DATAGRAM_RING.DATA]! * 4;
  const at = bytesAt(tail);
  const first = Math.min(bytes.length, RING_SIZE - at);
  kernel.bytes.set(bytes.subarray(0, first), base + at);
  if (first < bytes.length) kernel.bytes.set(bytes.subarray(first), base);
  Atomics.store(kernel.words, ring + DATAGRAM_RING.TAIL, (tail + size) | 0);
  return true;
}
