/**
 * Pipes between guest threads, also of different processes: a ring of bytes and who may still use it. All state is in
 * kernel memory, since each end may be held by the tables of several processes. A record of 16 words:
 *
 *   0 DATA         block of the ring
 *   1 HEAD         bytes taken so far (mod 2^32); stored under READ_LOCK
 *   2 TAIL         bytes put so far (mod 2^32); stored under WRITE_LOCK
 *   3 SHIFT        HEAD and TAIL plus this, mod RING_BYTES, are positions in the ring; changed under both locks
 *                  while the ring is empty
 *   4 READ_LOCK    held while bytes are copied out
 *   5 WRITE_LOCK   held while bytes are copied in, and while the writing side is shut down
 *   6 OPEN         1 while somebody may read: the read end is open and not shut down; 2 while somebody may write
 *   7              free
 *   8 READ_QUEUE   address of the queue of threads that wait for bytes
 *   9 WRITE_QUEUE  address of the queue of threads that wait for room
 *  10…11 NEAR      wait queue: of the read end, in a pair of the end that reads here
 *  12…13 FAR       wait queue of the write end of a pipe; unused in a pair
 *  14 ENDS         descriptions that hold the block; who drops the last one frees it. In a pair, of the first record
 *
 * A socket pair is two such records in one block, crosswise: what one end reads, the other writes. An end of it has
 * one queue for both directions, because a thread may poll it for both.
 *
 * Readers and writers do not exclude each other. A writer copies the bytes in and then stores TAIL (Atomics); a reader
 * loads TAIL before it copies out and then stores HEAD, which the writer loads before it copies in.
 */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import { QUEUE_WORDS, wakeAll } from '../threads/wait-queue.js';

export const PIPE = {
  DATA: 0,
  HEAD: 1,
  TAIL: 2,
  SHIFT: 3,
  READ_LOCK: 4,
  WRITE_LOCK: 5,
  OPEN: 6,
  READ_QUEUE: 8,
  WRITE_QUEUE: 9,
  NEAR: 10,
  FAR: 10 + QUEUE_WORDS,
  ENDS: 14,
  WORDS: 16,
} as const;

/** Bits of OPEN. */
export const Side = { READER: 1, WRITER: 2 } as const;

/** Bytes that a pipe holds: as much as a Linux pipe. A power of two. */
export const RING_BYTES = 65_536;

/** Writes of up to this many bytes go in whole (POSIX `PIPE_BUF`), and a write end with so much room is ready. */
export const PIPE_BUF = 4096;

/** Rings lie in the first 768 MiB of kernel memory; the rest is never theirs. */
const RINGS_WITHIN = 0x0c00_0000;

/** Makes a pipe with both ends open and answers its record. KernelMemoryFull when there is no memory for rings. */
export function createPipe(kernel: KernelMemory, owner: number): number {
  const ring = allocateRing(kernel, owner);
  const pipe = kernel.allocate(PIPE.WORDS, owner);
  kernel.reach(pipe, PIPE.WORDS);
  kernel.words[pipe + PIPE.ENDS] = 2;
  open(kernel, pipe, { ring, reader: pipe + PIPE.NEAR, writer: pipe + PIPE.FAR });
  return pipe;
}

/** Makes a socket pair with both ends open and answers its two records: each is what one end reads. KernelMemoryFull as above. */
export function createPair(kernel: KernelMemory, owner: number): readonly [number, number] {
  const [one, other] = allocateRings(kernel, owner);
  const first = kernel.allocate(2 * PIPE.WORDS, owner);
  kernel.reach(first, 2 * PIPE.WORDS);
  const second = first + PIPE.WORDS;
  kernel.words[first + PIPE.ENDS] = 2;
  open(kernel, first, { ring: one, reader: first + PIPE.NEAR, writer: second + PIPE.NEAR });
  open(kernel, second, { ring: other, reader: second + PIPE.NEAR, writer: first + PIPE.NEAR });
  return [first, second];
}

/**
 * Gives two zeroed records, of the directions of a socket, a ring each and opens both sides. KernelMemoryFull when there is no
 * memory for rings.
 */
export function openRings(
  kernel: KernelMemory,
  pipes: { readonly incoming: number; readonly outgoing: number },
  queues: { readonly near: number; readonly far: number },
  owner: number,
): void {
  const [one, other] = allocateRings(kernel, owner);
  open(kernel, pipes.incoming, { ring: one, reader: queues.near, writer: queues.far });
  open(kernel, pipes.outgoing, { ring: other, reader: queues.far, writer: queues.near });
}

/** Frees the ring of a record that nobody uses any longer, if it has one. */
export function freeRing(kernel: KernelMemory, pipe: number, owner: number): void {
  const ring = kernel.words[pipe + PIPE.DATA]!;
  if (ring !== 0) kernel.free(ring, RING_BYTES / 4, owner);
  kernel.words[pipe + PIPE.DATA] = 0;
}

function allocateRing(kernel: KernelMemory, owner: number): number {
  return kernel.allocate(RING_BYTES / 4, owner, RINGS_WITHIN);
}

/** Two rings or none. */
function allocateRings(kernel: KernelMemory, owner: number): readonly [number, number] {
  const one = allocateRing(kernel, owner);
  try {
    return [one, allocateRing(kernel, owner)];
  } catch (error) {
    kernel.free(one, RING_BYTES / 4, owner);
    throw error;
  }
}

interface Parts {
  readonly ring: number;
  /** Addresses of the wait queues. */
  readonly reader: number;
  readonly writer: number;
}

function open({ words }: KernelMemory, pipe: number, { ring, reader, writer }: Parts): void {
  words[pipe + PIPE.DATA] = ring;
  words[pipe + PIPE.READ_QUEUE] = reader;
  words[pipe + PIPE.WRITE_QUEUE] = writer;
  words[pipe + PIPE.OPEN] = Side.READER | Side.WRITER;
}

/**
 * Bytes in the ring. Without its locks this is what was there a moment ago; HEAD is loaded first, because TAIL is
 * never behind it, and what both move meanwhile cannot be more than the ring.
 */
export function available(kernel: KernelMemory, pipe: number): number {
  const head = Atomics.load(kernel.words, pipe + PIPE.HEAD);
  return Math.min((Atomics.load(kernel.words, pipe + PIPE.TAIL) - head) >>> 0, RING_BYTES);
}

/** Whether the ring is empty: HEAD is never beyond TAIL, so that an old value of it cannot be equal by mistake. */
export function isEmpty({ words }: KernelMemory, pipe: number): boolean {
  return Atomics.load(words, pipe + PIPE.TAIL) === words[pipe + PIPE.HEAD]!;
}

/** Bytes that still fit into the ring. */
export function room(kernel: KernelMemory, pipe: number): number {
  return RING_BYTES - available(kernel, pipe);
}

/**
 * Whether one side is gone: what is read ends after the bytes that are there, what is written is for nobody. A reader
 * asks this before `available`, since a writer may put bytes and then close. A side that was shut down is gone for its
 * own end too.
 */
export function isClosed(kernel: KernelMemory, pipe: number): boolean {
  return Atomics.load(kernel.words, pipe + PIPE.OPEN) !== (Side.READER | Side.WRITER);
}

/** Says that nobody will read any longer and wakes both sides. Repeating it does no harm. */
export function closeReader(kernel: KernelMemory, pipe: number, owner: number): void {
  Atomics.and(kernel.words, pipe + PIPE.OPEN, ~Side.READER);
  wakeBoth(kernel, pipe, owner);
}

/** Says that no more bytes will come and wakes both sides. Repeating it does no harm. */
export function closeWriter(kernel: KernelMemory, pipe: number, owner: number): void {
  Atomics.and(kernel.words, pipe + PIPE.OPEN, ~Side.WRITER);
  wakeBoth(kernel, pipe, owner);
}

/**
 * The same for an end that other threads may be writing to: what has gone in by then is read, and no byte comes later,
 * when a reader may have seen the end. A writer looks at OPEN with WRITE_LOCK held.
 */
export function shutWriter(kernel: KernelMemory, pipe: number, owner: number): void {
  const { words } = kernel;
  lock(words, pipe + PIPE.WRITE_LOCK, owner);
  Atomics.and(words, pipe + PIPE.OPEN, ~Side.WRITER);
  unlock(words, pipe + PIPE.WRITE_LOCK);
  wakeBoth(kernel, pipe, owner);
}

function wakeBoth(kernel: KernelMemory, pipe: number, owner: number): void {
  wakeAll(kernel, kernel.words[pipe + PIPE.READ_QUEUE]!, owner);
  wakeAll(kernel, kernel.words[pipe + PIPE.WRITE_QUEUE]!, owner);
}

/** Drops one end of the block of `records` records at `first`; the last one frees it and its rings. */
export function dropEnd(kernel: KernelMemory, first: number, records: 1 | 2, owner: number): void {
  if (Atomics.sub(kernel.words, first + PIPE.ENDS, 1) !== 1) return;
  for (let i = 0; i < records; i++) {
    kernel.free(kernel.words[first + i * PIPE.WORDS + PIPE.DATA]!, RING_BYTES / 4, owner);
  }
  kernel.free(first, records * PIPE.WORDS, owner);
}
