/** The table of guest processes: making, finding, ending and freeing records (process-record.ts). */
import { takeOut } from '../descriptors/names.js';
import { ENTRY, FIRST_DESCRIPTORS, freeTable, release } from '../descriptors/table.js';
import { HEADER, type KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import { freeText } from '../memory/text.js';
import { nextId } from '../system.js';
import { wakeAll } from '../threads/wait-queue.js';
import { PROCESS, ProcessState, processAt } from './process-record.js';

/** What a new process starts with. */
export interface NewProcessInit {
  /** Pid of the parent, 0 for the first process. */
  readonly parent: number;
  /** Most threads at once, and numbers of descriptors. */
  readonly threads: number;
  readonly descriptors: number;
}

/** Runs `work` while nobody else claims, ends or reaps a process. */
export function withProcesses<T>(kernel: KernelMemory, owner: number, work: () => T): T {
  lock(kernel.words, HEADER.PROCESS_LOCK, owner);
  try {
    return work();
  } finally {
    unlock(kernel.words, HEADER.PROCESS_LOCK);
  }
}

/** A serial number for a program image; never given twice in a run. */
export function nextSerial(kernel: KernelMemory): number {
  return Atomics.add(kernel.words, HEADER.LAST_SERIAL, 1) + 1;
}

/** Claims a process record and gives it the next id; 0 when the table is full or the run is over. */
export function createProcess(kernel: KernelMemory, owner: number, init: NewProcessInit): number {
  return withProcesses(kernel, owner, () => {
    const { words } = kernel;
    if (words[HEADER.CLOSING] === 1) return 0;
    const process = lowestFree(kernel);
    if (process === 0) return 0;
    words.fill(0, process, process + PROCESS.WORDS);
    words[process + PROCESS.PID] = nextId(kernel);
    words[process + PROCESS.SERIAL] = nextSerial(kernel);
    words[process + PROCESS.PARENT] = init.parent;
    words[process + PROCESS.LIVE_LIMIT] = init.threads;
    words[process + PROCESS.FD_LIMIT] = init.descriptors;
    words[process + PROCESS.FD_TABLE] = kernel.allocate(FIRST_DESCRIPTORS * ENTRY.WORDS, owner);
    words[process + PROCESS.FD_CAPACITY] = FIRST_DESCRIPTORS;
    Atomics.store(words, process + PROCESS.STATE, ProcessState.LIVE);
    return process;
  });
}

function lowestFree(kernel: KernelMemory): number {
  const capacity = kernel.words[HEADER.PROCESS_CAP]!;
  for (let index = 0; index < capacity; index++) {
    const process = processAt(kernel, index);
    if (Atomics.load(kernel.words, process + PROCESS.STATE) === ProcessState.FREE) return process;
  }
  return 0;
}

/** The records that are in use, in the order of the table. The caller holds the table if it needs them to stay so. */
export function processesOf(kernel: KernelMemory): number[] {
  const found: number[] = [];
  const capacity = kernel.words[HEADER.PROCESS_CAP]!;
  for (let index = 0; index < capacity; index++) {
    const process = processAt(kernel, index);
    if (Atomics.load(kernel.words, process + PROCESS.STATE) !== ProcessState.FREE) found.push(process);
  }
  return found;
}

/** The record of process `pid`, alive or not yet waited for; 0 when there is none. */
export function findProcess(kernel: KernelMemory, pid: number): number {
  return processesOf(kernel).find((process) => kernel.words[process + PROCESS.PID] === pid) ?? 0;
}

/** The records of the children of process `pid`. */
export function childrenOf(kernel: KernelMemory, pid: number): number[] {
  return processesOf(kernel).filter((process) => kernel.words[process + PROCESS.PARENT] === pid);
}

/**
 * Closes what the process has open and frees its texts. Its threads are gone, or it never had one. Pipes and the like
 * that nobody else has open are gone with it.
 */
export function closeProcess(kernel: KernelMemory, process: number, owner: number): void {
  const { words } = kernel;
  const capacity = words[process + PROCESS.FD_CAPACITY]!;
  for (let fd = 0; fd < capacity; fd++) {
    const file = takeOut({ kernel, process, owner }, fd);
    if (file !== 0) release({ kernel, owner }, file);
  }
  freeTable(kernel, process, owner);
  for (const word of [PROCESS.CWD, PROCESS.SIGNAL_EXPORT]) {
    const text = kernel.words[process + word]!;
    kernel.words[process + word] = 0;
    if (text !== 0) freeText(kernel, text, owner);
  }
}

/**
 * Makes the end of a process known, whose threads are gone and whose descriptors are closed. It stays in the table
 * until its parent has waited for it; one that no parent will wait for is freed at once, but for the first, whose end
 * the host reads. `tell` is called for the parent, before that can see the end; it must not block.
 */
export function buryProcess(
  kernel: KernelMemory,
  process: number,
  owner: number,
  tell: (parent: number) => void,
): void {
  withProcesses(kernel, owner, () => {
    const { words } = kernel;
    for (const child of childrenOf(kernel, words[process + PROCESS.PID]!)) {
      words[child + PROCESS.PARENT] = 0;
      if (words[child + PROCESS.STATE] === ProcessState.ZOMBIE) free(kernel, child);
    }
    const parent = words[process + PROCESS.PARENT]!;
    const isFirst = process === processAt(kernel, 0);
    if (parent === 0 && !isFirst) {
      free(kernel, process);
      return;
    }
    Atomics.store(words, process + PROCESS.STATE, ProcessState.ZOMBIE);
    const record = parent === 0 ? 0 : findProcess(kernel, parent);
    if (record === 0) return;
    tell(record);
    wakeAll(kernel, record + PROCESS.CHILDREN, owner);
  });
}

/** Frees the record of a process that was never started, or that was waited for. The caller holds the table. */
export function free(kernel: KernelMemory, process: number): void {
  Atomics.store(kernel.words, process + PROCESS.STATE, ProcessState.FREE);
}
