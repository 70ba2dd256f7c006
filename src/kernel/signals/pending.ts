import type { GuestThread } from '../threads/guest-thread.js';
import { THREAD } from '../threads/thread-words.js';

/** Whether the calling thread has signals to deliver. */
export function hasPendingSignals(thread: GuestThread): boolean {
  const { words } = thread.kernel;
  return (words[thread.record + THREAD.PENDING_LO]! | words[thread.record + THREAD.PENDING_HI]!) !== 0;
}
