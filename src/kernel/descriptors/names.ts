/** Descriptors and what they name: how many name a description, and the end of one. */
import { detachNumber } from '../epoll/detach.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { freeText } from '../memory/text.js';
import { orphanSocket } from '../sockets/close.js';
import { FILE, FileKind } from './open-file.js';
import { ENTRY, entryOf, type TableUser } from './table.js';

/**
 * A descriptor that named `file` is gone; the caller releases the reference afterwards. A call that waits on a socket
 * does not keep it when its last descriptor is closed: it ends with BADF (ABI §6.2).
 */
export function unname(kernel: KernelMemory, file: number, owner: number): void {
  kernel.reach(file, FILE.WORDS);
  if (Atomics.sub(kernel.words, file + FILE.NAMES, 1) !== 1) return;
  if (kernel.words[file + FILE.KIND] === FileKind.SOCKET) orphanSocket(kernel, file, owner);
}

/**
 * Takes the description out of the entry of `fd`, and the number out of all epoll sets (ABI §2.4). The caller holds the
 * table, and releases what is answered: 0 when the number was free.
 */
export function takeOut(user: TableUser, fd: number): number {
  const { kernel, owner } = user;
  const entry = entryOf(kernel, user.process, fd);
  const { words } = kernel;
  const file = words[entry + ENTRY.FILE]!;
  const preopen = words[entry + ENTRY.PREOPEN]!;
  Atomics.store(words, entry + ENTRY.FILE, 0);
  words[entry + ENTRY.PREOPEN] = 0;
  if (file !== 0) {
    detachNumber(user, file, fd >>> 0);
    unname(kernel, file, owner);
  }
  if (preopen !== 0) freeText(kernel, preopen, owner);
  return file;
}
