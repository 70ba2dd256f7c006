/**
 * Open-file descriptions: what descriptors refer to, shared by `dup` (and later by fork). A block of 24 words:
 *
 *   0 REFS       descriptors and running calls that hold it; who drops the last one closes it
 *   1 KIND       FileKind: which operations it has (objects/)
 *   2 FLAGS      fdflags (ABI §3.3)
 *   3 HOST_FD    host descriptor, −1 when it has none
 *   4 OFFSET_LO  5 OFFSET_HI: the file offset, guarded by LOCK
 *   6 LOCK       held over a read or write that moves the offset
 *   7 MOUNT      index of its mount (files/)
 *   8 PATH       text block with its path in the mount; directories only
 *   9 TYPE       filetype (ABI §3.3)
 *  10 STREAM     stream record (streams/), pipe record (pipes/; of a pair, the one read from), event counter
 *               or socket (sockets/)
 *  11 LISTING    block of the directory listing being read, 12 LISTING_BYTES its size
 *  13 ACCESS     1 readable, 2 writable, 4 closes its host descriptor with it, 8 the host appends (regular files)
 *  14 DEVICE     device number, for kind DEVICE; for kind DIRECTORY 1 if it stands for the working directory; for kind
 *                PAIR the pipe record written to
 *  15 OLD_FD     host descriptor that HOST_FD replaced, plus 1: of regular files, where one of the two appends; calls that
 *                began before may still use it
 *  16 WATCHES    first epoll item that watches it (epoll/), 0 when there is none; guarded by EPOLL_LOCK
 *  17 SET        record of the epoll set, for kind EPOLL (epoll/)
 *  18 NAMES      how many descriptors name it, of all processes (names.ts)
 *  19 NEXT       the next block that is free; of free blocks only
 */
import { HEADER, type KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';

export const FILE = {
  REFS: 0,
  KIND: 1,
  FLAGS: 2,
  HOST_FD: 3,
  OFFSET_LO: 4,
  OFFSET_HI: 5,
  LOCK: 6,
  MOUNT: 7,
  PATH: 8,
  TYPE: 9,
  STREAM: 10,
  LISTING: 11,
  LISTING_BYTES: 12,
  ACCESS: 13,
  DEVICE: 14,
  OLD_FD: 15,
  WATCHES: 16,
  SET: 17,
  NAMES: 18,
  NEXT: 19,
  WORDS: 24,
} as const;

export const FileKind = {
  REGULAR: 1,
  DIRECTORY: 2,
  SEQUENTIAL: 3,
  STREAM: 4,
  DEVICE: 5,
  PIPE: 6,
  EVENT: 7,
  EPOLL: 8,
  PAIR: 9,
  SOCKET: 10,
} as const;
export type FileKind = (typeof FileKind)[keyof typeof FileKind];

/** DEVICE word of the preopen `.` of a WASIX process: it is wherever the process has changed to. */
export const WORKING_DIRECTORY = 1;

export const Access = { READ: 1, WRITE: 2, OWNS_FD: 4, APPENDS: 8 } as const;

/** What a new description is made of; the rest starts as zero. */
export interface OpenFileInit {
  readonly kind: FileKind;
  readonly type: number;
  readonly access: number;
  readonly flags?: number;
  readonly hostFd?: number;
  readonly mount?: number;
  readonly path?: number;
  readonly stream?: number;
  readonly device?: number;
  readonly set?: number;
}

/** Makes a description with one reference and answers its address. */
export function createOpenFile(kernel: KernelMemory, init: OpenFileInit, owner: number): number {
  const file = takeFreeBlock(kernel, owner) || kernel.allocate(FILE.WORDS, owner);
  kernel.reach(file, FILE.WORDS);
  const { words } = kernel;
  words[file + FILE.KIND] = init.kind;
  words[file + FILE.TYPE] = init.type;
  words[file + FILE.ACCESS] = init.access;
  words[file + FILE.FLAGS] = init.flags ?? 0;
  words[file + FILE.HOST_FD] = init.hostFd ?? -1;
  words[file + FILE.MOUNT] = init.mount ?? -1;
  words[file + FILE.PATH] = init.path ?? 0;
  words[file + FILE.STREAM] = init.stream ?? 0;
  words[file + FILE.DEVICE] = init.device ?? 0;
  words[file + FILE.SET] = init.set ?? 0;
  Atomics.store(words, file + FILE.REFS, 1);
  return file;
}

/**
 * A block that was a description before, zeroed; 0 when there is none. Blocks of descriptions are never used for anything
 * else: a lookup, which takes no lock, may count itself in and out of one that has been closed meanwhile (table.ts,
 * `acquire`), and must not change anything else by that.
 */
function takeFreeBlock(kernel: KernelMemory, owner: number): number {
  lock(kernel.words, HEADER.ALLOC_LOCK, owner);
  try {
    const file = kernel.words[HEADER.FREE_FILES]!;
    if (file === 0) return 0;
    kernel.reach(file, FILE.WORDS);
    kernel.words[HEADER.FREE_FILES] = kernel.words[file + FILE.NEXT]!;
    // All but REFS, which is 0.
    kernel.words.fill(0, file + FILE.KIND, file + FILE.WORDS);
    return file;
  } finally {
    unlock(kernel.words, HEADER.ALLOC_LOCK);
  }
}

/** Gives back the block of a description that nobody holds any longer. */
export function freeOpenFile(kernel: KernelMemory, file: number, owner: number): void {
  lock(kernel.words, HEADER.ALLOC_LOCK, owner);
  kernel.words[file + FILE.NEXT] = kernel.words[HEADER.FREE_FILES]!;
  kernel.words[HEADER.FREE_FILES] = file;
  unlock(kernel.words, HEADER.ALLOC_LOCK);
}

/** Takes a further reference, unless the last one is already gone. */
export function retain(kernel: KernelMemory, file: number): boolean {
  const refs = file + FILE.REFS;
  for (;;) {
    const seen = Atomics.load(kernel.words, refs);
    if (seen <= 0) return false;
    if (Atomics.compareExchange(kernel.words, refs, seen, seen + 1) === seen) return true;
  }
}

/** The file offset in bytes; the caller holds LOCK. */
export function offsetOf(kernel: KernelMemory, file: number): number {
  const { words } = kernel;
  return words[file + FILE.OFFSET_HI]! * 0x1_0000_0000 + (words[file + FILE.OFFSET_LO]! >>> 0);
}

export function setOffset(kernel: KernelMemory, file: number, offset: number): void {
  const { words } = kernel;
  words[file + FILE.OFFSET_LO] = offset | 0;
  words[file + FILE.OFFSET_HI] = Math.floor(offset / 0x1_0000_0000);
}
