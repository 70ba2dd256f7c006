/**
 * The lock of the pool's words: 0 free, 1 taken, 2 taken and waited for. Held for a few dozen instructions by
 * threads that are not terminated meanwhile (guest threads inside a host call, workers outside of guest code).
 */
import { POOL } from './pool-memory.js';

/** Runs `change` under the pool's lock. */
export function withPool<T>(words: Int32Array, change: () => T): T {
  if (Atomics.compareExchange(words, POOL.LOCK, 0, 1) !== 0) {
    // Who waited takes the lock as "waited for": others may still sleep, and only the unlock wakes them.
    while (Atomics.exchange(words, POOL.LOCK, 2) !== 0) Atomics.wait(words, POOL.LOCK, 2);
  }
  try {
    return change();
  } finally {
    if (Atomics.exchange(words, POOL.LOCK, 0) === 2) Atomics.notify(words, POOL.LOCK, 1);
  }
}
