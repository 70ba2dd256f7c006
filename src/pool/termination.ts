/** Ending a worker against its will, but not inside the pool's lock nor while it loads its code (Guard in pool-memory.ts). */
import type { Worker } from 'node:worker_threads';
import { Guard, SLOT, slotAt } from './pool-memory.js';

/** How long a worker that was told to end may take before it is terminated, milliseconds. */
const GRACE_MS = 100;
/** Time between two attempts on a worker that must not be terminated now. */
const STEP_MS = 1;

/** Terminates the worker, unless `present` says that it has gone meanwhile. Resolves when it is gone. */
export async function terminateWorker(
  words: Int32Array,
  slot: number,
  worker: Worker,
  present: () => boolean,
): Promise<void> {
  const guard = slotAt(slot) + SLOT.GUARD;
  while (present()) {
    if (Atomics.compareExchange(words, guard, Guard.OUTSIDE, Guard.CONDEMNED) !== Guard.INSIDE) {
      await worker.terminate();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}

/** Waits for the end of a worker that has been told to, and terminates it when that takes long. */
export async function endSoon(
  words: Int32Array,
  slot: number,
  worker: Worker,
  present: () => boolean,
): Promise<void> {
  const timer = setTimeout(() => void terminateWorker(words, slot, worker, present), GRACE_MS);
  await new Promise((resolve) => worker.once('exit', resolve));
  clearTimeout(timer);
}
