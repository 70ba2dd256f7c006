import { HEADER, KernelMemory } from './memory/kernel-memory.js';
import { PROCESS } from './processes/process-record.js';
import { THREAD } from './threads/thread-words.js';

/** Bounds that the fixed tables of a run are laid out for. */
export interface SystemLimits {
  /** Most guest processes at once. */
  readonly processes: number;
  /** Most guest threads at once, main threads included. */
  readonly threads: number;
}

/** Lays out the kernel memory of a new run: header, process table, thread table. */
export function createSystem(limits: SystemLimits): KernelMemory {
  const processWords = limits.processes * PROCESS.WORDS;
  // A thread that is over keeps its record a moment longer than its place among the live ones.
  const threadRecords = 2 * limits.threads;
  const threadWords = threadRecords * THREAD.WORDS;
  const kernel = KernelMemory.create(processWords + threadWords);
  const { words } = kernel;
  words[HEADER.PROCESSES] = HEADER.WORDS;
  words[HEADER.PROCESS_CAP] = limits.processes;
  words[HEADER.THREADS] = HEADER.WORDS + processWords;
  words[HEADER.THREAD_CAP] = threadRecords;
  return kernel;
}

const MAX_ID = 0x1fff_ffff;

/** The next process or thread id: one counter for both, 1 to 2^29 − 1 (ABI §4.2). */
export function nextId(kernel: KernelMemory): number {
  for (;;) {
    const seen = Atomics.load(kernel.words, HEADER.NEXT_ID);
    const id = seen >= MAX_ID ? 1 : seen + 1;
    if (Atomics.compareExchange(kernel.words, HEADER.NEXT_ID, seen, id) === seen) return id;
  }
}

/** Gives back the id that was handed out last, for a thread that could not start: ids stay consecutive. */
export function returnId(kernel: KernelMemory, id: number): void {
  Atomics.compareExchange(kernel.words, HEADER.NEXT_ID, id, id - 1);
}
