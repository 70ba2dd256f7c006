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
    const appends = (current & FdFlags.APPEND) !== 0;
    if (appends && (flags & FdFlags.APPEND) === 0 && words[file + FILE.KIND] === FileKind.REGULAR) {
      reopenWithoutAppend(thread, file);
    }
    words[file + FILE.FLAGS] = flags;
  } finally {
    unlock(words, file + FILE.LOCK);
  }
}

/** The host appends for as long as a descriptor was opened to append, so it takes a new one to stop. */
function reopenWithoutAppend(thread: GuestThread, file: number): void {
  const { words } = thread.kernel;
  const access = words[file + FILE.ACCESS]! & (Access.READ | Access.WRITE);
  if (process.platform !== 'linux' || words[file + FILE.OLD_FD] !== 0) fail(Errno.NOTSUP);
  const mode = access === Access.WRITE ? constants.O_WRONLY : constants.O_RDWR;
  const hostFd = openSync(`/proc/self/fd/${words[file + FILE.HOST_FD]!}`, mode | constants.O_NONBLOCK);
  words[file + FILE.OLD_FD] = words[file + FILE.HOST_FD]! + 1;
  words[file + FILE.HOST_FD] = hostFd;
}
