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

/**
 * The host takes a lock over after so many waits of this length: its owner's worker has come to its heap limit in there,
 * or was ended by force, and a host that waits for ever serves no run at all. They are many and short, for a process that
 * was stopped meanwhile: that time counts as one of them only.
 */
const WAITS = 50;
const WAIT_MS = 100;

export function lock(words: Int32Array, index: number, owner: number): void {
  if (Atomics.compareExchange(words, index, 0, owner) !== 0) lockContended(words, index, owner);
}

function lockContended(words: Int32Array, index: number, owner: number): void {
  const timeout = owner === HOST_OWNER ? WAIT_MS : Number.POSITIVE_INFINITY;
  let held = 0;
  let waits = 0;
  for (;;) {
    const seen = Atomics.load(words, index);
    // Who waited takes the lock as "waited for": another waiter may still sleep, and only the unlock wakes it.
    if (seen === 0) {
      if (Atomics.compareExchange(words, index, 0, owner | WAITED_FOR) === 0) return;
      continue;
    }
    const marked = seen | WAITED_FOR;
    if (seen !== marked && Atomics.compareExchange(words, index, seen, marked) !== seen) continue;
    const late = Atomics.wait(words, index, marked, timeout) === 'timed-out';
    waits = late && held === marked ? waits + 1 : 0;
    held = marked;
    if (waits < WAITS) continue;
    if (Atomics.compareExchange(words, index, marked, owner | WAITED_FOR) === marked) return;
  }
}

export function unlock(words: Int32Array, index: number): void {
  if (Atomics.exchange(words, index, 0) < 0) Atomics.notify(words, index, 1);
}
