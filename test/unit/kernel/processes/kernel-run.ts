/** A run with processes and threads that are only what kernel calls need, all of them in this very thread. */

import { GuestMemory } from '../../../../src/kernel/memory/guest-memory.js';
import type { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { PROCESS } from '../../../../src/kernel/processes/process-record.js';
import { createProcess } from '../../../../src/kernel/processes/process-table.js';
import { createSystem } from '../../../../src/kernel/system.js';
import { GuestThread, type ProcessView } from '../../../../src/kernel/threads/guest-thread.js';
import { claimThread } from '../../../../src/kernel/threads/thread-record.js';
import { THREAD, ThreadState } from '../../../../src/kernel/threads/thread-words.js';

const DESCRIPTORS = 4096;

export function kernelRun(): KernelMemory {
  return createSystem({ processes: 4, threads: 8 });
}

/** A process of `parent`, a pid, without a thread; 0 for the first one. */
export function addProcess(kernel: KernelMemory, parent = 0): number {
  return createProcess(kernel, 1, { parent, threads: 8, descriptors: DESCRIPTORS });
}

/** A thread of `process` that runs, its main thread without `tid`. */
export function addThread(kernel: KernelMemory, process: number, tid?: number): GuestThread {
  const record = claimThread(kernel, process);
  kernel.words[record + THREAD.TID] = tid ?? kernel.words[process + PROCESS.PID]!;
  Atomics.store(kernel.words, record + THREAD.STATE, ThreadState.RUNNING);
  Atomics.add(kernel.words, process + PROCESS.LIVE, 1);
  const link = { post: () => undefined };
  const view = { process, kernel, memory: new GuestMemory(undefined), link };
  const thread = new GuestThread(view as unknown as ProcessView);
  thread.begin(record);
  return thread;
}
