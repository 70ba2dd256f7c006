/** Making sure that a process ends: every thread leaves by itself or is terminated, within a bound. */
import { stopwatch } from '../../kernel/clock.js';
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { wakeForEnd } from '../../kernel/processes/end.js';
import { isEnding, PROCESS } from '../../kernel/processes/process-record.js';
import { threadsOf } from '../../kernel/threads/thread-record.js';
import { InCall, THREAD, ThreadState } from '../../kernel/threads/thread-words.js';
import type { WorkerPool } from '../../pool/worker-pool.js';

/** Threads that are in a host call, or about to make one, leave within this time; the rest run guest code. */
const GRACE_MS = 5;
/** How long a host call may take to see the end; nothing in the kernel blocks longer without being woken. */
const VERDICT_MS = 5000;
const STEP_MS = 1;

/**
 * A process to end, by its record. Everything is looked at anew at each step: meanwhile the process may get another
 * program, or its record may become another process's, whose parent has waited for this one.
 */
export interface EndingProcess {
  readonly kernel: KernelMemory;
  /** The memory of the program that it runs. */
  memory(): GuestMemory;
  readonly process: number;
  readonly pool: WorkerPool;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const turn = () => new Promise((resolve) => setImmediate(resolve));

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
export function threadsToEnd({ kernel, process }: EndingProcess): number[] {
  const spared = sparedBy(kernel, process);
  if (!isEnding(kernel, process)) return [];
  return threadsOf(kernel, process).filter((record) => record !== spared && !isStandIn(kernel, record));
}

/**
 * Record of the thread that gives the process another program, 0 for none. To be read before END, which that thread
 * clears first.
 */
function sparedBy({ words }: KernelMemory, process: number): number {
  return Atomics.load(words, process + PROCESS.EXEC_THREAD);
}

/**
 * Waits for the threads of an ending process, waking those that parked in the last moment, and terminates the workers
 * of those that run guest code. Resolves when no thread is left that was there at the beginning.
 * @returns the ids of threads that could not be ended, which would be a fault of this program.
 */
export async function endThreads(ending: EndingProcess): Promise<number[]> {
  const { kernel, process } = ending;
  const { words } = kernel;
  const began = stopwatch();
  const serial = words[process + PROCESS.SERIAL];
  for (;;) {
    const left = threadsToEnd(ending);
    if (left.length === 0 || words[process + PROCESS.SERIAL] !== serial) return [];
    wakeForEnd(kernel, ending.memory(), process);
    const waited = stopwatch() - began;
    if (waited > GRACE_MS) await Promise.all(left.map((record) => terminateInGuest(ending, record)));
    if (waited > VERDICT_MS) return left.map((record) => words[record + THREAD.TID]!);
    // A thread that has just told of its end is gone within microseconds.
    await (waited < STEP_MS ? turn() : pause(STEP_MS));
  }
}

/** Ends the worker of a thread that runs guest code. One inside a host call holds locks, and leaves by itself. */
async function terminateInGuest({ kernel, process, pool }: EndingProcess, record: number): Promise<void> {
  const { words } = kernel;
  const serial = Atomics.load(words, record + THREAD.SERIAL);
  const standIn = Atomics.load(words, record + THREAD.STAND_IN);
  const isTheOne = () => {
    const spared = sparedBy(kernel, process);
    return (
      isEnding(kernel, process) &&
      record !== spared &&
      words[record + THREAD.PROCESS] === process &&
      Atomics.load(words, record + THREAD.STAND_IN) === standIn &&
      Atomics.load(words, record + THREAD.SERIAL) === serial
    );
  };
  const worker = words[record + THREAD.WORKER]!;
  if (worker < 0 || !isTheOne()) return;
  // From here on the thread cannot come back from the guest: it would hold locks when its worker ends.
  const mark = (standIn || record) + THREAD.IN_CALL;
  if (Atomics.compareExchange(words, mark, InCall.NO, InCall.CONDEMNED) !== InCall.NO) return;
  // It stays where it is now. But it may have gone between the two, and another thread be in its place.
  if (!isTheOne()) return pardon(words, mark);
  // The pool tells the run of it (`taskLost`), which frees the record.
  await pool.endWorker(worker);
}

function pardon(words: Int32Array, mark: number): void {
  if (Atomics.compareExchange(words, mark, InCall.CONDEMNED, InCall.NO) === InCall.CONDEMNED) return;
  Atomics.store(words, mark, InCall.PARDONED);
  Atomics.notify(words, mark);
}
