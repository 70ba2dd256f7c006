/** The working directory of a process: text in kernel memory, shared by its threads. */
import type { TableUser } from '../descriptors/table.js';
import { lock, unlock } from '../memory/lock.js';
import { freeText, loadText, storeText } from '../memory/text.js';
import { PROCESS } from './process-record.js';

function withDirectory<T>(user: TableUser, work: () => T): T {
  const word = user.process + PROCESS.CWD_LOCK;
  lock(user.kernel.words, word, user.owner);
  try {
    return work();
  } finally {
    unlock(user.kernel.words, word);
  }
}

function current(user: TableUser): string {
  const address = user.kernel.words[user.process + PROCESS.CWD]!;
  return address === 0 ? '/' : loadText(user.kernel, address);
}

export function workingDirectory(user: TableUser): string {
  return withDirectory(user, () => current(user));
}

/** Replaces the working directory by what `change` makes of it; a throw leaves it as it is. */
export function replaceWorkingDirectory(user: TableUser, change: (path: string) => string): void {
  withDirectory(user, () => {
    const { words } = user.kernel;
    const path = change(current(user));
    const old = words[user.process + PROCESS.CWD]!;
    words[user.process + PROCESS.CWD] = storeText(user.kernel, path, user.owner);
    if (old !== 0) freeText(user.kernel, old, user.owner);
  });
}
