/** Giving a process another program, as far as the kernel is concerned (ABI §5.3). */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { freeText } from '../memory/text.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { WaitKind } from '../threads/thread-words.js';
import { waitUntil } from '../threads/waiting.js';
import { announceEnd } from './end.js';
import { claimEnd, EndKind, PROCESS } from './process-record.js';

/**
 * Ends all threads of the process but the calling one, and waits until they are gone. LATE_END is not for it to clear: it
 * may come second, and a late end have come for the first.
 */
export function endOtherThreads(thread: GuestThread): void {
  const { kernel, process, owner, tid, record } = thread;
  const { words } = kernel;
  const first = Atomics.compareExchange(words, process + PROCESS.EXEC_THREAD, 0, record) === 0;
  if (!first || !claimEnd(kernel, process, owner, { kind: EndKind.EXEC, value: 0, tid })) {
    if (first) Atomics.store(words, process + PROCESS.EXEC_THREAD, 0);
    // Another thread was faster, with the end or with a program: this one leaves with all the others.
    waitUntil(thread, WaitKind.NONE, [], () => false, Number.POSITIVE_INFINITY);
  }
  if (Atomics.load(words, process + PROCESS.LIVE) === 1) return;
  announceEnd(thread, process);
  for (let live = liveThreads(words, process); live > 1; live = liveThreads(words, process)) {
    Atomics.wait(words, process + PROCESS.LIVE, live);
  }
}

function liveThreads(words: Int32Array, process: number): number {
  return Atomics.load(words, process + PROCESS.LIVE);
}

/** Forgets what the process has told of its program: the next one starts afresh. */
export function forgetProgram(kernel: KernelMemory, process: number, owner: number): void {
  const { words } = kernel;
  const text = Atomics.exchange(words, process + PROCESS.SIGNAL_EXPORT, 0);
  if (text !== 0) freeText(kernel, text, owner);
  words[process + PROCESS.MAIN_INSTANCE] = 0;
}
