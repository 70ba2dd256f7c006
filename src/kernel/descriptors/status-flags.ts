/** Changing the flags of an open file (ABI §2.2, `fd_fdstat_set_flags`). */
import { constants, openSync } from 'node:fs';
import { Errno } from '../../abi/errno.js';
import { FdFlags } from '../../abi/flags.js';
import { fail } from '../failure.js';
import { lock, unlock } from '../memory/lock.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { Access, FILE, FileKind } from './open-file.js';

const SETTABLE = FdFlags.APPEND | FdFlags.NONBLOCK;
const SYNC = FdFlags.SYNC | FdFlags.DSYNC | FdFlags.RSYNC;

/** Sets the flags of `file`. NOTSUP for a change of the sync flags, which the host fixes at open. */
export function setStatusFlags(thread: GuestThread, file: number, flags: number): void {
  const { words } = thread.kernel;
  if ((flags & ~(SETTABLE | SYNC)) !== 0) fail(Errno.INVAL);
  lock(words, file + FILE.LOCK, thread.owner);
  try {
    const current = words[file + FILE.FLAGS]!;
    if (((current ^ flags) & SYNC) !== 0) fail(Errno.NOTSUP);
    if (words[file + FILE.KIND] === FileKind.REGULAR)
      setAppending(thread, file, (flags & FdFlags.APPEND) !== 0);
    words[file + FILE.FLAGS] = flags;
  } finally {
    unlock(words, file + FILE.LOCK);
  }
}

/** Makes the host append or not, where bytes can be written. Where it cannot begin to, writes look for the end first. */
function setAppending(thread: GuestThread, file: number, wanted: boolean): void {
  const { words } = thread.kernel;
  const access = words[file + FILE.ACCESS]!;
  if ((access & Access.WRITE) === 0 || ((access & Access.APPENDS) !== 0) === wanted) return;
  if (process.platform !== 'linux') return wanted ? undefined : fail(Errno.NOTSUP);
  try {
    switchHostFd(thread, file, wanted);
  } catch (error) {
    if (!wanted) throw error;
  }
}

/** The host appends for as long as a descriptor was opened to append, so it takes two, of which one is in use. */
function switchHostFd(thread: GuestThread, file: number, append: boolean): void {
  const { words } = thread.kernel;
  const old = words[file + FILE.OLD_FD]!;
  const next = old === 0 ? reopen(thread, file, append) : old - 1;
  words[file + FILE.OLD_FD] = words[file + FILE.HOST_FD]! + 1;
  words[file + FILE.HOST_FD] = next;
  words[file + FILE.ACCESS]! ^= Access.APPENDS;
}

function reopen(thread: GuestThread, file: number, append: boolean): number {
  const { words } = thread.kernel;
  const c = constants;
  const flags = words[file + FILE.FLAGS]!;
  let mode = (words[file + FILE.ACCESS]! & Access.READ) === 0 ? c.O_WRONLY : c.O_RDWR;
  if (append) mode |= c.O_APPEND;
  if ((flags & (FdFlags.SYNC | FdFlags.RSYNC)) !== 0) mode |= c.O_SYNC;
  if ((flags & FdFlags.DSYNC) !== 0) mode |= c.O_DSYNC;
  return openSync(`/proc/self/fd/${words[file + FILE.HOST_FD]!}`, mode | c.O_NONBLOCK);
}
