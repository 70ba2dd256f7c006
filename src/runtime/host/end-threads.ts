/** Making sure that a process ends: every thread leaves by itself or is terminated, within a bound. */
import { stopwatch } from '../../kernel/clock.js';
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { wakeForEnd } from '../../kernel/processes/end.js';
import { isEnding } from '../../kernel/processes/process-record.js';
import { threadsOf } from '../../kernel/threads/thread-record.js';
import { InCall, THREAD, ThreadState } from '../../kernel/threads/thread-words.js';
import type { WorkerPool } from '../../pool/worker-pool.js';

/** Threads that are in a host call, or about to make one, leave within this time; the rest run guest code. */
const GRACE_MS = 5;
/** How long a host call may take to see the end; nothing in the kernel blocks longer without being woken. */
const VERDICT_MS = 5000;
const STEP_MS = 1;

export interface EndingProcess {
  readonly kernel: KernelMemory;
  /** The memory of the program that it runs. */
  memory(): GuestMemory;
  readonly process: number;
  /** Record of a thread that is left alone: it gives the process another program. 0 for none. */
  spared(): number;
  readonly pool: WorkerPool;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Whether this is the thread of a vfork child, whose worker is its parent's: it ends with that, or by itself in its next
 * call (kernel/processes/vfork.ts). All other threads that run have a worker.
 */
export function isStandIn({ words }: KernelMemory, record: number): boolean {
  return (
    words[record + THREAD.WORKER]! < 0 && Atomics.load(words, record + THREAD.STATE) === ThreadState.RUNNING
  );
}

/** The records of the threads that are still to go: none where the process goes on after all. */
export function threadsToEnd({ kernel, process, spared }: EndingProcess): number[] {
  if (!isEnding(kernel, process)) return [];
  const exempt = spared();
  return threadsOf(kernel, process).filter((record) => record !== exempt && !isStandIn(kernel, record));
}

/**
 * Waits for the threads of an ending process, waking those that parked in the last moment, and terminates the workers
 * of those that run guest code. Resolves when no thread is left.
 * @returns the ids of threads that could not be ended, which would be a fault of this program.
 */
export async function endThreads(ending: EndingProcess): Promise<number[]> {
  const { kernel, process } = ending;
  const began = stopwatch();
  for (;;) {
    const left = threadsToEnd(ending);
    if (left.length === 0) return [];
    wakeForEnd(kernel, ending.memory(), process);
    const waited = stopwatch() - began;
    if (waited > GRACE_MS) await Promise.all(left.map((record) => terminateInGuest(ending, record)));
    if (waited > VERDICT_MS) return left.map((record) => kernel.words[record + THREAD.TID]!);
    await pause(STEP_MS);
  }
}

/** Ends the worker of a thread that runs guest code. One inside a host call holds locks, and leaves by itself. */
async function terminateInGuest({ kernel, process, pool }: EndingProcess, record: number): Promise<void> {
  const { words } = kernel;
  const worker = words[record + THREAD.WORKER]!;
  const standIn = Atomics.load(words, record + THREAD.STAND_IN);
  if (worker < 0 || Atomics.load(words, record + THREAD.STAND_IN) !== standIn) return;
  // The process may have gone on with another program meanwhile, and given the record to a thread of it.
  if (!isEnding(kernel, process) || words[record + THREAD.PROCESS] !== process) return;
  // From here on the thread cannot come back from the guest: it would hold locks when its worker ends.
  const mark = (standIn || record) + THREAD.IN_CALL;
  if (Atomics.compareExchange(words, mark, InCall.NO, InCall.CONDEMNED) !== InCall.NO) return;
  // The pool tells the run of it (`taskLost`), which frees the record.
  await pool.endWorker(worker);
}
