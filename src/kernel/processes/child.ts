/** Making a child process: a record with copies of what it inherits (ABI §5.1, §5.4). */
import { Errno } from '../../abi/errno.js';
import { FdFlagsExt } from '../../abi/flags.js';
import { takeOut } from '../descriptors/names.js';
import { FILE, retain } from '../descriptors/open-file.js';
import {
  ENTRY,
  entryOf,
  makeRoom,
  put,
  release,
  rightsOf,
  type TableUser,
  withTable,
} from '../descriptors/table.js';
import { fail } from '../failure.js';
import { loadText, storeText } from '../memory/text.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { wakeAll } from '../threads/wait-queue.js';
import { PROCESS } from './process-record.js';
import { closeProcess, createProcess, free, withProcesses } from './process-table.js';
import { workingDirectory } from './working-directory.js';

/** What a child gets as it is in its parent: the offsets of `clock_time_set`, the ignored signals. */
const COPIED = [
  PROCESS.REALTIME_OFFSET,
  PROCESS.REALTIME_OFFSET + 1,
  PROCESS.MONOTONIC_OFFSET,
  PROCESS.MONOTONIC_OFFSET + 1,
  PROCESS.IGNORED,
] as const;

/**
 * Makes a child of the calling thread's process, with its descriptors (the open-file descriptions are shared), working
 * directory and ignored signals; it has no thread and no program yet. AGAIN when there are too many processes.
 */
export function createChild(thread: GuestThread): number {
  const { kernel, process, owner } = thread;
  const { words } = kernel;
  const child = createProcess(kernel, owner, {
    parent: words[process + PROCESS.PID]!,
    threads: words[process + PROCESS.LIVE_LIMIT]!,
    descriptors: words[process + PROCESS.FD_LIMIT]!,
  });
  if (child === 0) return fail(Errno.AGAIN);
  try {
    for (const word of COPIED) kernel.words[child + word] = kernel.words[process + word]!;
    kernel.words[child + PROCESS.CWD] = storeText(kernel, workingDirectory(thread), owner);
    copyDescriptors(thread, { kernel, process: child, owner });
    return child;
  } catch (error) {
    abandonChild(thread, child);
    throw error;
  }
}

/** Undoes `createChild` for a child that gets no program. Another thread may have begun to wait for it. */
export function abandonChild(thread: GuestThread, child: number): void {
  const { kernel, process, owner } = thread;
  closeProcess(kernel, child, owner);
  withProcesses(kernel, owner, () => free(kernel, child));
  wakeAll(kernel, process + PROCESS.CHILDREN, owner);
}

/** Nobody else knows the child's table yet: it needs no lock. */
function copyDescriptors(thread: GuestThread, child: TableUser): void {
  const { kernel, process, owner } = thread;
  withTable(thread, () => {
    const capacity = kernel.words[process + PROCESS.FD_CAPACITY]!;
    for (let fd = 0; fd < capacity; fd++) {
      const entry = entryOf(kernel, process, fd);
      const file = kernel.words[entry + ENTRY.FILE]!;
      if (file === 0) continue;
      kernel.reach(file, FILE.WORDS);
      makeRoom(child, fd);
      const name = kernel.words[entry + ENTRY.PREOPEN]!;
      const preopen = name === 0 ? 0 : storeText(kernel, loadText(kernel, name), owner);
      // Not before: from here on nothing fails, and the reference is the child's.
      retain(kernel, file);
      put(child, fd, file, {
        rights: rightsOf(kernel, entry),
        flags: kernel.words[entry + ENTRY.FLAGS]!,
        preopen,
      });
    }
  });
}

/** Closes what is marked CLOEXEC, for a program that is about to begin. */
export function closeOnExec(user: TableUser): void {
  const { kernel, process } = user;
  const closed: number[] = [];
  withTable(user, () => {
    const capacity = kernel.words[process + PROCESS.FD_CAPACITY]!;
    for (let fd = 0; fd < capacity; fd++) {
      const entry = entryOf(kernel, process, fd);
      if ((kernel.words[entry + ENTRY.FLAGS]! & FdFlagsExt.CLOEXEC) === 0) continue;
      if (kernel.words[entry + ENTRY.FILE] !== 0) closed.push(takeOut(user, fd));
    }
  });
  for (const file of closed) release(user, file);
}
