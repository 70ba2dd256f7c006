/** Making sure that a process ends: every thread leaves by itself or is terminated, within a bound. */
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { wakeForEnd } from '../../kernel/processes/end.js';
import { releaseThread, threadsOf } from '../../kernel/threads/thread-record.js';
import { THREAD } from '../../kernel/threads/thread-words.js';
import type { WorkerPool } from '../../pool/worker-pool.js';

/** Threads that are in a host call, or about to make one, leave within this time; the rest run guest code. */
const GRACE_MS = 5;
/** How long a host call may take to see the end; nothing in the kernel blocks longer without being woken. */
const VERDICT_MS = 5000;
const STEP_MS = 1;

export interface EndingProcess {
  readonly kernel: KernelMemory;
  readonly memory: GuestMemory;
  readonly process: number;
  readonly pool: WorkerPool;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Waits for the threads of an ending process, waking those that parked in the last moment, and terminates the workers
 * of those that run guest code. Resolves when no thread is left.
 * @returns the ids of threads that could not be ended, which would be a fault of this program.
 */
export async function endThreads(ending: EndingProcess): Promise<number[]> {
  const { kernel, memory, process } = ending;
  const began = performance.now();
  for (;;) {
    const left = threadsOf(kernel, process);
    if (left.length === 0) return [];
    wakeForEnd(kernel, memory, process);
    const waited = performance.now() - began;
    if (waited > GRACE_MS) await Promise.all(left.map((record) => terminateInGuest(ending, record)));
    if (waited > VERDICT_MS) return left.map((record) => kernel.words[record + THREAD.TID]!);
    await pause(STEP_MS);
  }
}

/** Ends the worker of a thread that runs guest code. One inside a host call holds locks, and leaves by itself. */
async function terminateInGuest({ kernel, pool }: EndingProcess, record: number): Promise<void> {
  const { words } = kernel;
  const worker = words[record + THREAD.WORKER]!;
  if (worker < 0 || Atomics.load(words, record + THREAD.IN_CALL) !== 0) return;
  await pool.endWorker(worker);
  releaseThread(kernel, record, HOST_OWNER);
}
