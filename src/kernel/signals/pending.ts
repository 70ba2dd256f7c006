/** Which signals wait for the calling thread, and which of them it can handle now. */
import { PROCESS } from '../processes/process-record.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { THREAD } from '../threads/thread-words.js';
import { askThread, bitOf, PROCESS_BIT } from './signal-set.js';

/** Whether the calling thread has signals to look at. Asked at the end of every call. */
export function hasPendingSignals(thread: GuestThread): boolean {
  return thread.kernel.words[thread.record + THREAD.PENDING] !== 0;
}

/** The pending signals that the calling thread can handle now, as bits; 0 for none. */
export function deliverableSignals(thread: GuestThread): number {
  const { words } = thread.kernel;
  const own = Atomics.load(words, thread.record + THREAD.PENDING);
  if (own === 0 || isBlocked(thread)) return 0;
  const shared = (own & PROCESS_BIT) === 0 ? 0 : Atomics.load(words, thread.process + PROCESS.PENDING);
  return ((own & ~PROCESS_BIT) | shared) & ~thread.handling;
}

/** A registered name without such an export is libc's way to block signals (ABI §2.8). */
function isBlocked({ signalExport, exports }: GuestThread): boolean {
  return signalExport !== undefined && typeof exports[signalExport] !== 'function';
}

/**
 * Takes a signal that is pending for the calling thread.
 * @returns false when it was sent to the process and another thread has taken it
 */
export function takeSignal({ kernel, record, process }: GuestThread, signal: number): boolean {
  const { words } = kernel;
  const bit = bitOf(signal);
  if ((Atomics.and(words, record + THREAD.PENDING, ~bit) & bit) !== 0) return true;
  return (Atomics.and(words, process + PROCESS.PENDING, ~bit) & bit) !== 0;
}

/** Ends the calling thread's duty to look at its process's signals if there are none. */
export function forgetTakenSignals({ kernel, record, process }: GuestThread): void {
  const { words } = kernel;
  if (Atomics.load(words, process + PROCESS.PENDING) !== 0) return;
  Atomics.and(words, record + THREAD.PENDING, ~PROCESS_BIT);
  // Who sends sets the process's bit first: either that is seen here, or the thread is asked anew after this.
  if (Atomics.load(words, process + PROCESS.PENDING) !== 0) askThread(kernel.words, record);
}
