/**
 * The rings of a connection: its incoming bytes, which the reactor puts and guest threads take, and its outgoing ones.
 * They are pipes (pipes/pipe.ts) whose other side is the reactor: it never waits, and of each ring it is the only one on
 * its side, so it takes no lock to move bytes.
 */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { unlock } from '../memory/lock.js';
import { isEmpty, openRings, PIPE, RING_BYTES, room, Side } from '../pipes/pipe.js';
import { copyBytes } from '../pipes/ring-copy.js';
import { SOCKET } from './socket.js';

const MASK = RING_BYTES - 1;

export const incomingRing = (socket: number): number => socket + SOCKET.IN;
export const outgoingRing = (socket: number): number => socket + SOCKET.OUT;

/** Gives the socket its rings, empty and open, for a connection. KernelMemoryFull when there is no memory. */
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

/** Where in the ring the byte number `count` lies. */
function placeOf({ words }: KernelMemory, ring: number, count: number): number {
  return (count + words[ring + PIPE.SHIFT]!) & MASK;
}

/** Address of the ring's first byte, within reach. */
function startOf(kernel: KernelMemory, ring: number): number {
  const data = kernel.words[ring + PIPE.DATA]!;
  kernel.reach(data, RING_BYTES / 4);
  return data * 4;
}

/** Puts the first `count` bytes of `source` into the incoming ring, which has room for them; the reactor's call. */
export function fill(
  kernel: KernelMemory,
  ring: number,
  source: Uint8Array,
  count: number,
  owner: number,
): void {
  rewind(kernel, ring, owner);
  const start = startOf(kernel, ring);
  const at = placeOf(kernel, ring, kernel.words[ring + PIPE.TAIL]!);
  const first = Math.min(count, RING_BYTES - at);
  copyBytes(kernel.bytes, start + at, source, 0, first);
  if (first < count) copyBytes(kernel.bytes, start, source, first, count - first);
  filled(kernel, ring, count);
}

/** Has an empty ring begin at its start: connections with little to say then touch little memory. */
function rewind(kernel: KernelMemory, ring: number, owner: number): void {
  const { words } = kernel;
  if (!isEmpty(kernel, ring)) return;
  // A reader that holds its lock is about to look at the ring: it is left alone.
  if (Atomics.compareExchange(words, ring + PIPE.READ_LOCK, 0, owner) !== 0) return;
  words[ring + PIPE.SHIFT] = -words[ring + PIPE.TAIL]! & MASK;
  unlock(words, ring + PIPE.READ_LOCK);
}

/** The room at the end of the incoming ring that lies together, for the reactor to fill; `filled` says how far it did. */
export function back(kernel: KernelMemory, ring: number): Uint8Array {
  const start = startOf(kernel, ring);
  const at = placeOf(kernel, ring, kernel.words[ring + PIPE.TAIL]!);
  const count = Math.min(room(kernel, ring), RING_BYTES - at);
  return kernel.bytes.subarray(start + at, start + at + count);
}

/** Makes `count` more bytes of the incoming ring known to its readers. */
export function filled({ words }: KernelMemory, ring: number, count: number): void {
  Atomics.add(words, ring + PIPE.TAIL, count);
}

/** The first bytes of the outgoing ring that lie together, where they are: valid until they are `drained`. */
export function front(kernel: KernelMemory, ring: number): Buffer {
  const head = kernel.words[ring + PIPE.HEAD]!;
  const there = (Atomics.load(kernel.words, ring + PIPE.TAIL) - head) >>> 0;
  const start = startOf(kernel, ring);
  const at = placeOf(kernel, ring, head);
  return Buffer.from(kernel.bytes.buffer, start + at, Math.min(there, RING_BYTES - at));
}

/** Takes `count` bytes out of the outgoing ring. */
export function drained({ words }: KernelMemory, ring: number, count: number): void {
  Atomics.add(words, ring + PIPE.HEAD, count);
}

/** Whether no more bytes will be put into the ring than are there. Asked before `front`. */
export function isFinished({ words }: KernelMemory, ring: number): boolean {
  return (Atomics.load(words, ring + PIPE.OPEN) & Side.WRITER) === 0;
}
