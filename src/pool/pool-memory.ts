/**
 * The shared words of a worker pool. All changes are made under LOCK, by guest threads, workers and the host
 * alike, so that one thing happens after the other whichever thread does it.
 *
 *   0 LOCK
 *   1 MAX       most workers, fixed
 *   2 LIVE      workers that exist: booting, idle, busy or retiring
 *   3 BOOTING   workers created that have not asked for work yet
 *   4 IDLE      workers parked without work
 *   5 BUSY      workers with a task
 *   6 PENDING   accepted tasks that no worker has yet; 7 PENDING_HEAD index of the first in the ring
 *   8 CHANGE    counts released workers, notified; who was refused at the limit waits on it
 *   9 STARTED   tasks started; 10 REUSED those on a worker that had run one before
 *  11 CREATED   workers created; 12 PEAK most busy workers at once
 *  13 CLOSED    1 when no more tasks are taken
 *  14 BOOTED    workers that have reported their boot
 *  15 NO_IDLE   no worker with a lower number than this is idle
 *
 * Behind it one record of 16 words for each worker number, then the ring of pending tasks:
 *   0 STATE     SlotState
 *   1 WAKE      counter the parked worker waits on
 *   2 SERVED    tasks it has started
 *   3 IDLE_AT   when it became idle, milliseconds of the monotonic clock, mod 2^32
 *   4 GUARD     Guard: whether the worker may be terminated
 *   5 RENEWED   how often the host has sent the worker a new inbox (inbox.ts)
 *   6 READ      messages that the worker has read of the inbox it has
 *   7 SENT      messages that the host has put into that inbox (sentWord in inbox.ts)
 *   8…15 TASK   the task it has
 */
export const POOL = {
  LOCK: 0,
  MAX: 1,
  LIVE: 2,
  BOOTING: 3,
  IDLE: 4,
  BUSY: 5,
  PENDING: 6,
  PENDING_HEAD: 7,
  CHANGE: 8,
  STARTED: 9,
  REUSED: 10,
  CREATED: 11,
  PEAK: 12,
  CLOSED: 13,
  BOOTED: 14,
  NO_IDLE: 15,
  WORDS: 16,
} as const;

export const SLOT = {
  STATE: 0,
  WAKE: 1,
  SERVED: 2,
  IDLE_AT: 3,
  GUARD: 4,
  RENEWED: 5,
  READ: 6,
  SENT: 7,
  TASK: 8,
  WORDS: 16,
} as const;

/** READY: booted, while a worker with a lower number still boots; they begin in the order of their numbers. */
export const SlotState = { NONE: 0, BOOTING: 1, IDLE: 2, BUSY: 3, RETIRING: 4, READY: 5 } as const;

/**
 * A worker that dies inside the pool's lock would block everybody for ever. So it marks itself INSIDE before it takes
 * the lock, and who wants to terminate it marks it CONDEMNED first, which only works from OUTSIDE; a condemned worker
 * that comes to the pool waits for its end. A worker is INSIDE from its creation until it has loaded its code:
 * descriptors of the files would stay open.
 */
export const Guard = { OUTSIDE: 0, INSIDE: 1, CONDEMNED: 2 } as const;

/** Words of a task: what they mean is the business of who submits and who runs it. */
export const TASK_WORDS = 8;

export type Task = readonly number[];

/** Makes the words of an empty pool of at most `max` workers. */
export function createPoolWords(max: number): Int32Array {
  const count = POOL.WORDS + max * (SLOT.WORDS + TASK_WORDS);
  const words = new Int32Array(new SharedArrayBuffer(count * 4));
  words[POOL.MAX] = max;
  return words;
}

/** Index of the record of worker `slot`. */
export function slotAt(slot: number): number {
  return POOL.WORDS + slot * SLOT.WORDS;
}

/** Index of entry `position` of the ring of pending tasks. */
export function pendingAt(words: Int32Array, position: number): number {
  const max = words[POOL.MAX]!;
  return slotAt(max) + (position % max) * TASK_WORDS;
}

/** Makes a parked worker look at its state and for messages. */
export function wakeWorker(words: Int32Array, slot: number): void {
  Atomics.add(words, slotAt(slot) + SLOT.WAKE, 1);
  Atomics.notify(words, slotAt(slot) + SLOT.WAKE);
}
