import { HEADER, KernelMemory } from './memory/kernel-memory.js';
import { PROCESS, ProcessState } from './processes/process-record.js';
import { THREAD, type ThreadState } from './threads/thread-words.js';

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

/** A record of either table begins with its state and its id. */
const [STATE, ID] = [PROCESS.STATE, PROCESS.PID] satisfies [typeof THREAD.STATE, typeof THREAD.TID];
const FREE = ProcessState.FREE satisfies typeof ThreadState.FREE;

/**
 * The next process or thread id: one counter for both, 1 to 2^29 − 1 (ABI §4.2). Once it has begun again, ids that are
 * still in use are passed over.
 */
export function nextId(kernel: KernelMemory): number {
  const { words } = kernel;
  for (;;) {
    const seen = Atomics.load(words, HEADER.NEXT_ID);
    const id = seen >= MAX_ID ? 1 : seen + 1;
    if (seen >= MAX_ID) Atomics.store(words, HEADER.IDS_AGAIN, 1);
    if (Atomics.compareExchange(words, HEADER.NEXT_ID, seen, id) !== seen) continue;
    if (Atomics.load(words, HEADER.IDS_AGAIN) === 0 || !isInUse(kernel, id)) return id;
  }
}

function isInUse({ words }: KernelMemory, id: number): boolean {
  const tables = [
    { start: words[HEADER.PROCESSES]!, count: words[HEADER.PROCESS_CAP]!, size: PROCESS.WORDS },
    { start: words[HEADER.THREADS]!, count: Atomics.load(words, HEADER.THREADS_USED), size: THREAD.WORDS },
  ];
  return tables.some(({ start, count, size }) => {
    for (let at = start; at < start + count * size; at += size) {
      if (Atomics.load(words, at + STATE) !== FREE && words[at + ID] === id) return true;
    }
    return false;
  });
}

/** Gives back the id that was handed out last, for a thread that could not start: ids stay consecutive. */
export function returnId(kernel: KernelMemory, id: number): void {
  Atomics.compareExchange(kernel.words, HEADER.NEXT_ID, id, id - 1);
}
