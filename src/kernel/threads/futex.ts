/**
 * Waiting on words of guest memory. Both `futex_wait` and the guest's own `memory.atomic.wait` end here (the
 * latter through runtime/binary/outline-waits.ts), on the engine's wait queue of that address, so that either kind
 * of notify wakes either kind of wait.
 */
import { Errno } from '../../abi/errno.js';
import { fail } from '../failure.js';
import { deliverableSignals } from '../signals/pending.js';
import type { GuestThread } from './guest-thread.js';
import { THREAD, WaitKind } from './thread-words.js';
import { waitUntil } from './waiting.js';

export type WaitResult = 'ok' | 'not-equal' | 'timed-out';

/**
 * Waits until the word at `pointer` is notified, for at most `milliseconds`. The thread leaves instead when its
 * process ends: who ends it notifies the address until the thread is gone (`notifyGuestWaits`).
 */
export function waitOnWord(
  thread: GuestThread,
  pointer: number,
  expected: number,
  milliseconds: number,
): WaitResult {
  const { memory } = thread;
  const address = memory.span(pointer, 4);
  if ((address & 3) !== 0) fail(Errno.INVAL);
  const index = address / 4;
  if (!memory.shared) return waitAlone(thread, index, expected, milliseconds);
  return parkOnGuest(thread, WaitKind.FUTEX, index, () =>
    Atomics.wait(memory.words, index, expected, milliseconds),
  );
}

/**
 * Runs `park`, which waits on the guest word `index`, with the wait announced, so that a signal or the end of the
 * process can cut it short. A wait cut short by a signal counts as woken; its caller looks at the word again.
 */
export function parkOnGuest(
  thread: GuestThread,
  kind: number,
  index: number,
  park: () => WaitResult,
): WaitResult {
  announceWait(thread, index, kind);
  // A signal that came before the announcement was not followed by a notify. One that is blocked is no reason to return.
  const result = deliverableSignals(thread) === 0 ? park() : 'ok';
  withdrawWait(thread);
  return result;
}

/**
 * The wait of a guest without threads: it ends by its time limit or with the process, or counts as woken when a signal has
 * come, whose handler alone can notify it.
 */
function waitAlone(thread: GuestThread, index: number, expected: number, milliseconds: number): WaitResult {
  if (thread.memory.words[index] !== expected) return 'not-equal';
  const deadline = performance.now() + milliseconds;
  let looks = 0;
  const woken = () => looks++ > 0 && performance.now() < deadline;
  return waitUntil(thread, WaitKind.FUTEX, [], woken, deadline) ? 'ok' : 'timed-out';
}

/** Notes that the thread is about to wait on the guest word `index`; leaves if the process is ending. */
function announceWait(thread: GuestThread, index: number, kind: number): void {
  const { words } = thread.kernel;
  words[thread.record + THREAD.WAITING] = kind;
  Atomics.store(words, thread.record + THREAD.ADDRESS, index + 1);
  if (thread.ending) {
    Atomics.store(words, thread.record + THREAD.ADDRESS, 0);
    thread.leave();
  }
}

function withdrawWait(thread: GuestThread): void {
  const { words } = thread.kernel;
  Atomics.store(words, thread.record + THREAD.ADDRESS, 0);
  Atomics.notify(words, thread.record + THREAD.ADDRESS);
  words[thread.record + THREAD.WAITING] = WaitKind.NONE;
  if (thread.ending) thread.leave();
}

/** Wakes up to `count` threads waiting on the word at `pointer` and answers how many there were. */
export function notifyWord(thread: GuestThread, pointer: number, count: number): number {
  const { memory } = thread;
  const address = memory.span(pointer, 4);
  if ((address & 3) !== 0) fail(Errno.INVAL);
  return memory.shared ? Atomics.notify(memory.words, address / 4, count) : 0;
}
