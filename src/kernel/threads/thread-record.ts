/** The table of guest threads: claiming, finding and freeing records (thread-words.ts). */
import { HEADER, type KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import { THREAD, ThreadState, WaitKind } from './thread-words.js';
import { wakeAll } from './wait-queue.js';

/** Address of the record with this index. */
export function threadAt(kernel: KernelMemory, index: number): number {
  return kernel.words[HEADER.THREADS]! + index * THREAD.WORDS;
}

/** How many records have been in use: who looks for threads need look no further. */
export function threadsUsed({ words }: KernelMemory): number {
  return Atomics.load(words, HEADER.THREADS_USED);
}

function noteUsed({ words }: KernelMemory, count: number): void {
  for (let seen = Atomics.load(words, HEADER.THREADS_USED); seen < count; ) {
    const found = Atomics.compareExchange(words, HEADER.THREADS_USED, seen, count);
    if (found === seen) return;
    seen = found;
  }
}

/** The lock owner number of the thread with this record. */
export function ownerOf(kernel: KernelMemory, record: number): number {
  return (record - kernel.words[HEADER.THREADS]!) / THREAD.WORDS + 1;
}

/** Claims the lowest free record for a thread of `process`; 0 when the table is full. */
export function claimThread(kernel: KernelMemory, process: number): number {
  const { words } = kernel;
  const capacity = words[HEADER.THREAD_CAP]!;
  for (let index = 0; index < capacity; index++) {
    const record = threadAt(kernel, index);
    if (Atomics.load(words, record + THREAD.STATE) !== ThreadState.FREE) continue;
    // Before the claim: a thread that is there is found.
    noteUsed(kernel, index + 1);
    const state = record + THREAD.STATE;
    if (Atomics.compareExchange(words, state, ThreadState.FREE, ThreadState.STARTING) !== ThreadState.FREE)
      continue;
    // First: it is not to be found by the id of the thread that had the record before, of the same process perhaps.
    words[record + THREAD.TID] = 0;
    Atomics.store(words, record + THREAD.PROCESS, process);
    words[record + THREAD.WAITING] = WaitKind.NONE;
    words[record + THREAD.ADDRESS] = 0;
    words[record + THREAD.PENDING] = 0;
    words[record + THREAD.WORKER] = -1;
    words[record + THREAD.STAND_IN] = 0;
    words[record + THREAD.CHILD] = 0;
    Atomics.store(words, record + THREAD.IN_CALL, 1);
    Atomics.add(words, record + THREAD.SERIAL, 1);
    return record;
  }
  return 0;
}

/**
 * Frees a record whose thread never started or is over, and wakes who joins it. It is nobody's then: one that is being
 * claimed for another process must not be taken for a thread of this one.
 */
export function releaseThread(kernel: KernelMemory, record: number, owner: number): void {
  const { words } = kernel;
  Atomics.store(words, record + THREAD.PROCESS, 0);
  wakeAll(kernel, record + THREAD.JOINERS, owner);
  withThreads(kernel, owner, () => Atomics.store(words, record + THREAD.STATE, ThreadState.FREE));
}

/** Runs `work` while no record is freed: one that is found in there stays its thread's until the end of it. */
export function withThreads<T>({ words }: KernelMemory, owner: number, work: () => T): T {
  lock(words, HEADER.THREAD_LOCK, owner);
  try {
    return work();
  } finally {
    unlock(words, HEADER.THREAD_LOCK);
  }
}

/** Whether some thread of the run is over whose worker has not been given back yet: it will be in a moment. */
export function isThreadLeaving(kernel: KernelMemory): boolean {
  const used = threadsUsed(kernel);
  for (let index = 0; index < used; index++) {
    if (Atomics.load(kernel.words, threadAt(kernel, index) + THREAD.STATE) === ThreadState.ENDED) return true;
  }
  return false;
}

/**
 * The record of the live thread `tid` of `process`; 0 when there is none. One that is over and keeps its record yet counts
 * if there is no other: after an `exec` by another thread that one is the main thread, with the same id.
 */
export function findThread(kernel: KernelMemory, process: number, tid: number): number {
  const { words } = kernel;
  let ended = 0;
  const used = threadsUsed(kernel);
  for (let index = 0; index < used; index++) {
    const record = threadAt(kernel, index);
    const state = Atomics.load(words, record + THREAD.STATE);
    if (state === ThreadState.FREE) continue;
    if (words[record + THREAD.TID] !== tid || words[record + THREAD.PROCESS] !== process) continue;
    if (state !== ThreadState.ENDED) return record;
    ended = record;
  }
  return ended;
}

/** The records of the live threads of `process`. */
export function threadsOf(kernel: KernelMemory, process: number): number[] {
  const { words } = kernel;
  const found: number[] = [];
  const used = threadsUsed(kernel);
  for (let index = 0; index < used; index++) {
    const record = threadAt(kernel, index);
    if (Atomics.load(words, record + THREAD.STATE) === ThreadState.FREE) continue;
    if (words[record + THREAD.PROCESS] === process) found.push(record);
  }
  return found;
}
