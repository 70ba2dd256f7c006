/**
 * The lock of the pool's words: 0 free, else the owner (number of its worker + 1, or the host), with bit 31 set when
 * somebody waits. Held for a few dozen instructions by threads that are not terminated meanwhile (guest threads inside
 * a host call, workers outside of guest code; Guard in pool-memory.ts).
 *
 * One thing ends a worker in there all the same: the engine, when the worker reaches its heap limit. The owner's number
 * tells the host to mend the words and to free the lock for it (mend.ts). The host hears of a worker's end on its event
 * loop, which does not turn while the host itself waits for the lock; so the host does not wait without a bound.
 */
import { mendWords } from './mend.js';
import { POOL } from './pool-memory.js';

const WAITED_FOR = 0x8000_0000 | 0;
const HOST = 0x7fff_ffff;

/**
 * The host gives up on an owner after so many waits of this length. They are many and short, for a process that was
 * stopped meanwhile: that time counts as one of them only.
 */
const WAITS = 50;
const WAIT_MS = 100;

let self = HOST;

/** Says that this thread is worker `slot`: from now on it takes the lock under that number. */
export function ownPoolLockAs(slot: number): void {
  self = slot + 1;
}

/** Runs `change` under the pool's lock. */
export function withPool<T>(words: Int32Array, change: () => T): T {
  if (Atomics.compareExchange(words, POOL.LOCK, 0, self) !== 0) lockContended(words);
  try {
    return change();
  } finally {
    unlock(words);
  }
}

/** Mends the words and frees the lock if worker `slot`, which is gone, died with it. Answers whether it did. */
export function freeLockOf(words: Int32Array, slot: number): boolean {
  for (;;) {
    const seen = Atomics.load(words, POOL.LOCK);
    if ((seen & ~WAITED_FOR) !== slot + 1) return false;
    if (Atomics.compareExchange(words, POOL.LOCK, seen, self | WAITED_FOR) !== seen) continue;
    mendWords(words, slot);
    unlock(words);
    return true;
  }
}

function unlock(words: Int32Array): void {
  if (Atomics.exchange(words, POOL.LOCK, 0) < 0) Atomics.notify(words, POOL.LOCK, 1);
}

function lockContended(words: Int32Array): void {
  const timeout = self === HOST ? WAIT_MS : Infinity;
  let owner = 0;
  let waits = 0;
  for (;;) {
    const seen = Atomics.load(words, POOL.LOCK);
    // Who waited takes the lock as "waited for": others may still sleep, and only the unlock wakes them.
    if (seen === 0) {
      if (Atomics.compareExchange(words, POOL.LOCK, 0, self | WAITED_FOR) === 0) return;
      continue;
    }
    const marked = seen | WAITED_FOR;
    if (seen !== marked && Atomics.compareExchange(words, POOL.LOCK, seen, marked) !== seen) continue;
    const late = Atomics.wait(words, POOL.LOCK, marked, timeout) === 'timed-out';
    waits = late && owner === marked ? waits + 1 : 0;
    owner = marked;
    if (waits >= WAITS) freeLockOf(words, (marked & ~WAITED_FOR) - 1);
  }
}
