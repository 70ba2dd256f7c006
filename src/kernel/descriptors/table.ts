/**
 * The descriptor table of a process: 8 words for each number, in one block.
 *
 *   0 FILE      its open-file description, 0 when the number is free
 *   1 FLAGS     fdflagsext (CLOEXEC)
 *   2 BASE_LO   3 BASE_HI   rights on the descriptor itself
 *   4 INH_LO    5 INH_HI    rights that files opened through it may have
 *   6 PREOPEN   text block with the preopen's name, else 0
 *   7 FORMER    of number 0: the table that this one has replaced, 0 for none; of number 1: how many entries that has
 *
 * Changes are made under the process's FD_LOCK. Lookups take no lock: they take a reference on the description
 * and look again whether the number still names it; one that finds the number free makes sure under the lock, for dup2
 * takes out what was there before it puts in what replaces it. A table that was outgrown is kept until the process ends,
 * because such a lookup may still be reading it.
 */
import { Errno } from '../../abi/errno.js';
import { RIGHTS_ALL_HIGH, RIGHTS_ALL_LOW, RightBit } from '../../abi/rights.js';
import { fail } from '../failure.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import { PROCESS } from '../processes/process-record.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { closeOpenFile } from './close.js';
import { FILE, FileKind, retain } from './open-file.js';

export const ENTRY = {
  FILE: 0,
  FLAGS: 1,
  BASE_LO: 2,
  BASE_HI: 3,
  INH_LO: 4,
  INH_HI: 5,
  PREOPEN: 6,
  FORMER: 7,
  WORDS: 8,
} as const;

/** Entries that a new table has room for. */
export const FIRST_DESCRIPTORS = 64;

/** The rights of a descriptor, as 32-bit halves. */
export interface RightsPair {
  readonly baseLow: number;
  readonly baseHigh: number;
  readonly inheritingLow: number;
  readonly inheritingHigh: number;
}

export const ALL_RIGHTS: RightsPair = {
  baseLow: RIGHTS_ALL_LOW,
  baseHigh: RIGHTS_ALL_HIGH,
  inheritingLow: RIGHTS_ALL_LOW,
  inheritingHigh: RIGHTS_ALL_HIGH,
};

/** Who changes a table: a process and the lock owner number of the caller. */
export interface TableUser {
  readonly kernel: KernelMemory;
  readonly process: number;
  readonly owner: number;
}

/** Address of the entry of `fd`, 0 when there is no such number. The table may move: use at once. */
export function entryOf(kernel: KernelMemory, process: number, fd: number): number {
  const number = fd >>> 0;
  if (number >= Atomics.load(kernel.words, process + PROCESS.FD_CAPACITY)) return 0;
  const entry = Atomics.load(kernel.words, process + PROCESS.FD_TABLE) + number * ENTRY.WORDS;
  kernel.reach(entry, ENTRY.WORDS);
  return entry;
}

/**
 * Takes a reference on the description of `fd` for the length of a call; the caller releases it (`release`).
 * @throws BADF when the number is not open, NOTCAPABLE when it lacks `right` (an index of RightBit; −1: none needed).
 */
export function acquire(thread: GuestThread, fd: number, right: number): number {
  const { kernel } = thread;
  for (;;) {
    const entry = entryOf(kernel, thread.process, fd);
    if (entry === 0) return fail(Errno.BADF);
    const file = Atomics.load(kernel.words, entry + ENTRY.FILE);
    if (file === 0) {
      if (!isOpen(thread, fd)) return fail(Errno.BADF);
      continue;
    }
    kernel.reach(file, FILE.WORDS);
    if (!retain(kernel, file)) continue;
    // Before the number is looked at again: afterwards they may be those of another description.
    const granted = right < 0 || hasRight(kernel, entry, right);
    if (
      entryOf(kernel, thread.process, fd) !== entry ||
      Atomics.load(kernel.words, entry + ENTRY.FILE) !== file
    ) {
      release(thread, file);
      continue;
    }
    if (!granted) {
      const errno = errnoWithout(thread, file, right);
      release(thread, file);
      return fail(errno);
    }
    return file;
  }
}

/** Whether `fd` names anything once no other thread changes the table: in the midst of a dup2 it does not. */
function isOpen(user: TableUser, fd: number): boolean {
  return withTable(user, () => {
    const entry = entryOf(user.kernel, user.process, fd);
    return entry !== 0 && user.kernel.words[entry + ENTRY.FILE] !== 0;
  });
}

/** What a call for which a descriptor lacks the right answers: the end of a pipe is no descriptor for the other direction. */
function errnoWithout({ kernel }: GuestThread, file: number, right: number): Errno {
  const moves = right === RightBit.FD_READ || right === RightBit.FD_WRITE;
  return moves && kernel.words[file + FILE.KIND] === FileKind.PIPE ? Errno.BADF : Errno.NOTCAPABLE;
}

/** NOTCAPABLE when `fd` lacks `right`, BADF when it is not open. */
export function requireRight(thread: GuestThread, fd: number, right: number): void {
  release(thread, acquire(thread, fd, right));
}

function hasRight(kernel: KernelMemory, entry: number, right: number): boolean {
  const word = kernel.words[entry + (right < 32 ? ENTRY.BASE_LO : ENTRY.BASE_HI)]!;
  return ((word >>> (right & 31)) & 1) === 1;
}

/** Drops a reference; the last one closes the description. */
export function release(user: Pick<TableUser, 'kernel' | 'owner'>, file: number): void {
  user.kernel.reach(file, FILE.WORDS);
  if (Atomics.sub(user.kernel.words, file + FILE.REFS, 1) === 1) closeOpenFile(user.kernel, file, user.owner);
}

/** Runs `change` while no other thread changes the table. */
export function withTable<T>(user: TableUser, change: () => T): T {
  const word = user.process + PROCESS.FD_LOCK;
  lock(user.kernel.words, word, user.owner);
  try {
    return change();
  } finally {
    unlock(user.kernel.words, word);
  }
}

/** The entry of an open `fd`; BADF otherwise. The caller holds the table. */
export function openEntry(user: TableUser, fd: number): number {
  const entry = entryOf(user.kernel, user.process, fd);
  if (entry === 0 || user.kernel.words[entry + ENTRY.FILE] === 0) return fail(Errno.BADF);
  return entry;
}

/** Makes room for the number `fd`; MFILE (or `beyond`) past the limit. The caller holds the table. */
export function makeRoom(user: TableUser, fd: number, beyond: Errno = Errno.MFILE): void {
  const { kernel, process } = user;
  const { words } = kernel;
  if (fd >= words[process + PROCESS.FD_LIMIT]!) fail(beyond);
  const capacity = words[process + PROCESS.FD_CAPACITY]!;
  if (fd < capacity) return;
  let larger = capacity * 2;
  while (larger <= fd) larger *= 2;
  const old = words[process + PROCESS.FD_TABLE]!;
  const table = kernel.allocate(larger * ENTRY.WORDS, user.owner);
  kernel.reach(table, larger * ENTRY.WORDS);
  kernel.words.copyWithin(table, old, old + capacity * ENTRY.WORDS);
  kernel.words[table + ENTRY.FORMER] = old;
  kernel.words[table + ENTRY.WORDS + ENTRY.FORMER] = capacity;
  // The larger table is published before the larger capacity: a reader that sees the capacity sees the table.
  Atomics.store(kernel.words, process + PROCESS.FD_TABLE, table);
  Atomics.store(kernel.words, process + PROCESS.FD_CAPACITY, larger);
}

/** Frees the table of a process whose threads are gone and whose numbers are free, with those that it has outgrown. */
export function freeTable(kernel: KernelMemory, process: number, owner: number): void {
  let table = kernel.words[process + PROCESS.FD_TABLE]!;
  let capacity = kernel.words[process + PROCESS.FD_CAPACITY]!;
  kernel.words[process + PROCESS.FD_CAPACITY] = 0;
  while (table !== 0) {
    kernel.reach(table, capacity * ENTRY.WORDS);
    const former = kernel.words[table + ENTRY.FORMER]!;
    const fewer = kernel.words[table + ENTRY.WORDS + ENTRY.FORMER]!;
    kernel.free(table, capacity * ENTRY.WORDS, owner);
    table = former;
    capacity = fewer;
  }
}

/** The lowest free number at or above `minimum`, with room made for it. The caller holds the table. */
export function lowestFree(user: TableUser, minimum: number): number {
  const { kernel, process } = user;
  for (let fd = minimum; ; fd++) {
    makeRoom(user, fd);
    const entry = entryOf(kernel, process, fd);
    if (kernel.words[entry + ENTRY.FILE] === 0) return fd;
  }
}

/** Fails with MFILE when the table is full, for calls that take something which they could not put back. */
export function requireFreeNumber(user: TableUser): void {
  withTable(user, () => lowestFree(user, 0));
}

/** What `put` writes beside the description. */
export interface EntryInit {
  readonly rights: RightsPair;
  readonly flags?: number;
  readonly preopen?: number;
}

/** Fills the entry of `fd`, whose number is free; it takes over the caller's reference. Holds the table. */
export function put(user: TableUser, fd: number, file: number, init: EntryInit): void {
  const { kernel } = user;
  const entry = entryOf(kernel, user.process, fd);
  const { words } = kernel;
  words[entry + ENTRY.FLAGS] = init.flags ?? 0;
  words[entry + ENTRY.BASE_LO] = init.rights.baseLow;
  words[entry + ENTRY.BASE_HI] = init.rights.baseHigh;
  words[entry + ENTRY.INH_LO] = init.rights.inheritingLow;
  words[entry + ENTRY.INH_HI] = init.rights.inheritingHigh;
  words[entry + ENTRY.PREOPEN] = init.preopen ?? 0;
  Atomics.add(words, file + FILE.NAMES, 1);
  Atomics.store(words, entry + ENTRY.FILE, file);
}

/** Puts `file` at the lowest free number at or above `minimum`; MFILE when the table is full. */
export function install(user: TableUser, file: number, init: EntryInit, minimum = 0): number {
  try {
    return withTable(user, () => {
      const fd = lowestFree(user, minimum);
      put(user, fd, file, init);
      return fd;
    });
  } catch (error) {
    release(user, file);
    throw error;
  }
}

export function rightsOf(kernel: KernelMemory, entry: number): RightsPair {
  const { words } = kernel;
  return {
    baseLow: words[entry + ENTRY.BASE_LO]!,
    baseHigh: words[entry + ENTRY.BASE_HI]!,
    inheritingLow: words[entry + ENTRY.INH_LO]!,
    inheritingHigh: words[entry + ENTRY.INH_HI]!,
  };
}
