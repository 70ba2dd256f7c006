import { ENTRY, FIRST_DESCRIPTORS } from './descriptors/table.js';
import { HEADER, KernelMemory } from './memory/kernel-memory.js';
import { HOST_OWNER } from './memory/lock.js';
import { PROCESS, ProcessState, processAt } from './processes/process-record.js';
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

/** What a new process starts with. */
export interface ProcessLimits {
  readonly threads: number;
  readonly descriptors: number;
}

/** Claims a process record and gives it the next id; 0 when the table is full. */
export function createProcess(kernel: KernelMemory, parent: number, limits: ProcessLimits): number {
  const { words } = kernel;
  const capacity = words[HEADER.PROCESS_CAP]!;
  for (let index = 0; index < capacity; index++) {
    const process = processAt(kernel, index);
    const state = process + PROCESS.STATE;
    if (Atomics.compareExchange(words, state, ProcessState.FREE, ProcessState.LIVE) !== ProcessState.FREE)
      continue;
    words.fill(0, process + 1, process + PROCESS.WORDS);
    words[process + PROCESS.PID] = nextId(kernel);
    words[process + PROCESS.PARENT] = parent;
    words[process + PROCESS.LIVE_LIMIT] = limits.threads;
    words[process + PROCESS.FD_LIMIT] = limits.descriptors;
    words[process + PROCESS.FD_CAPACITY] = FIRST_DESCRIPTORS;
    words[process + PROCESS.FD_TABLE] = kernel.allocate(FIRST_DESCRIPTORS * ENTRY.WORDS, HOST_OWNER);
    return process;
  }
  return 0;
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
