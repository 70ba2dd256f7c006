import type { GuestThread } from './guest-thread.js';
import { THREAD, WaitKind } from './thread-words.js';
import { waitUntil } from './waiting.js';

/** Waits until the thread `tid`, found at `record`, is over. The record may serve another thread by then. */
export function waitForEndOf(thread: GuestThread, record: number, tid: number): void {
  const { kernel, process } = thread;
  const { words } = kernel;
  const serial = Atomics.load(words, record + THREAD.SERIAL);
  const over = () =>
    Atomics.load(words, record + THREAD.PROCESS) !== process ||
    Atomics.load(words, record + THREAD.SERIAL) !== serial ||
    words[record + THREAD.TID] !== tid;
  waitUntil(thread, WaitKind.JOIN, [record + THREAD.JOINERS], over, Number.POSITIVE_INFINITY);
}
