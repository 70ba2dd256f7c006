/**
 * Sets of signals in one word, as bits. Signals are 1 to 31 (ABI §3.4), at bit number − 1. Those sent to a thread are in its
 * own word (THREAD.PENDING), those sent to its process in PROCESS.PENDING, which any of the threads may take; the thread that
 * is asked to has PROCESS_BIT in its own word.
 */
import { THREAD } from '../threads/thread-words.js';

/** In THREAD.PENDING: the thread is to look at the signals of its process. */
export const PROCESS_BIT = 1 << 31;

export function bitOf(signal: number): number {
  return 1 << (signal - 1);
}

/** Asks the thread with `record` to look at the signals of its process. */
export function askThread(words: Int32Array, record: number): void {
  Atomics.or(words, record + THREAD.PENDING, PROCESS_BIT);
}
