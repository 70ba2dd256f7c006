/**
 * Mutual exclusion on one shared word, for short sections that never block on anything else.
 *
 * The word: 0 free; else the owner's number (thread index + 1), with bit 31 set when somebody waits. A thread
 * inside a host call is never terminated (threads/thread-record.ts, IN_CALL), so a lock is never left held; the
 * owner is recorded all the same, for the report of a worker that crashed.
 *
 * Ordering: the compareExchange that takes the lock and the exchange that frees it are sequentially consistent,
 * so what one owner wrote is seen by the next.
 */
const WAITED_FOR = 0x8000_0000 | 0;

/** The owner number of the host thread, which has no thread record. */
export const HOST_OWNER = 0x7fff_ffff;

/** The owner number of the run's reactor (runtime/reactor), which has none either. */
export const REACTOR_OWNER = 0x7fff_fffe;

export function lock(words: Int32Array, index: number, owner: number): void {
  if (Atomics.compareExchange(words, index, 0, owner) !== 0) lockContended(words, index, owner);
}

function lockContended(words: Int32Array, index: number, owner: number): void {
  for (;;) {
    const seen = Atomics.load(words, index);
    // Who waited takes the lock as "waited for": another waiter may still sleep, and only the unlock wakes it.
    if (seen === 0) {
      if (Atomics.compareExchange(words, index, 0, owner | WAITED_FOR) === 0) return;
      continue;
    }
    const marked = seen | WAITED_FOR;
    if (seen === marked || Atomics.compareExchange(words, index, seen, marked) === seen) {
      Atomics.wait(words, index, marked);
    }
  }
}

export function unlock(words: Int32Array, index: number): void {
  if (Atomics.exchange(words, index, 0) < 0) Atomics.notify(words, index, 1);
}
