/** The working directory of a process: text in kernel memory, shared by its threads. */
import { lock, unlock } from '../memory/lock.js';
import { freeText, loadText, storeText } from '../memory/text.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { PROCESS } from './process-record.js';

function withDirectory<T>(thread: GuestThread, work: () => T): T {
  const word = thread.process + PROCESS.CWD_LOCK;
  lock(thread.kernel.words, word, thread.owner);
  try {
    return work();
  } finally {
    unlock(thread.kernel.words, word);
  }
}

function current(thread: GuestThread): string {
  const address = thread.kernel.words[thread.process + PROCESS.CWD]!;
  return address === 0 ? '/' : loadText(thread.kernel, address);
}

export function workingDirectory(thread: GuestThread): string {
  return withDirectory(thread, () => current(thread));
}

/** Replaces the working directory by what `change` makes of it; a throw leaves it as it is. */
export function replaceWorkingDirectory(thread: GuestThread, change: (path: string) => string): void {
  withDirectory(thread, () => {
    const { words } = thread.kernel;
    const path = change(current(thread));
    const old = words[thread.process + PROCESS.CWD]!;
    words[thread.process + PROCESS.CWD] = storeText(thread.kernel, path, thread.owner);
    if (old !== 0) freeText(thread.kernel, old, thread.owner);
  });
}
