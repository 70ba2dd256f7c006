/** What descriptors tell and take about the file behind them (ABI §2.2). */
import { fdatasyncSync, fstatSync, fsyncSync, ftruncateSync } from 'node:fs';
import { Advice } from '../abi/advice.js';
import { Errno } from '../abi/errno.js';
import { FileType } from '../abi/filetype.js';
import { RightBit } from '../abi/rights.js';
import { fdstat } from '../abi/structs.js';
import { directoryRefOf } from '../kernel/descriptors/directory-ref.js';
import { FILE, FileKind } from '../kernel/descriptors/open-file.js';
import { statusOf } from '../kernel/descriptors/status.js';
import { setStatusFlags } from '../kernel/descriptors/status-flags.js';
import { ENTRY, openEntry, withTable } from '../kernel/descriptors/table.js';
import { fail } from '../kernel/failure.js';
import { lock, unlock } from '../kernel/memory/lock.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { LAST_OFFSET, toOffset, toSize, withFile } from './fd-io.js';
import { timesToSet, type WriteStatus, writeFilestat, writeFilestatSnapshot0 } from './filestat.js';
import type { Handlers } from './handler.js';

function getFilestat(thread: GuestThread, fd: number, result: number, write: WriteStatus): Errno {
  return withFile(thread, fd, RightBit.FD_FILESTAT_GET, (file) => {
    write(thread.memory, result, statusOf(thread, file));
    return Errno.SUCCESS;
  });
}

/** The host descriptor of a regular file; ISDIR for a directory, `otherwise` for the rest. */
function regularFd(thread: GuestThread, file: number, otherwise: Errno): number {
  const { words } = thread.kernel;
  const kind = words[file + FILE.KIND];
  if (kind === FileKind.REGULAR) return words[file + FILE.HOST_FD]!;
  return fail(kind === FileKind.DIRECTORY ? Errno.ISDIR : otherwise);
}

function flush(thread: GuestThread, fd: number, right: number, sync: (hostFd: number) => void): Errno {
  return withFile(thread, fd, right, (file) => {
    const { words } = thread.kernel;
    const kind = words[file + FILE.KIND];
    const hostFd = words[file + FILE.HOST_FD]!;
    if (kind !== FileKind.REGULAR && kind !== FileKind.DIRECTORY) return Errno.INVAL;
    if (hostFd >= 0) sync(hostFd);
    return Errno.SUCCESS;
  });
}

export const fdStatusHandlers: Handlers<
  | 'fd_advise'
  | 'fd_allocate'
  | 'fd_datasync'
  | 'fd_sync'
  | 'fd_fdstat_get'
  | 'fd_fdstat_set_flags'
  | 'fd_fdstat_set_rights'
  | 'fd_filestat_get'
  | 'fd_filestat_get_snapshot0'
  | 'fd_filestat_set_size'
  | 'fd_filestat_set_times'
> = {
  /** Node has no posix_fadvise; advice may be ignored, wrong arguments may not. */
  fd_advise(thread, fd, offset, length, advice) {
    return withFile(thread, fd, RightBit.FD_ADVISE, (file) => {
      if (advice < Advice.NORMAL || advice > Advice.NOREUSE) return Errno.INVAL;
      if (BigInt.asUintN(64, offset) + BigInt.asUintN(64, length) > LAST_OFFSET) return Errno.INVAL;
      regularFd(thread, file, Errno.SPIPE);
      return Errno.SUCCESS;
    });
  },

  /**
   * Grows the file (ABI §2.2). Node has no posix_fallocate, and nothing else that grows a file and can neither cut it nor
   * write over it: what makes the file longer between the two calls, without LOCK, is cut off (docs/threads.md, Limits).
   */
  fd_allocate(thread, fd, offset, length) {
    return withFile(thread, fd, RightBit.FD_ALLOCATE, (file) => {
      const hostFd = regularFd(thread, file, Errno.BADF);
      if (length === 0n) return Errno.INVAL;
      const end = toOffset(offset) + toSize(length);
      if (end > Number.MAX_SAFE_INTEGER) return Errno.FBIG;
      const { words } = thread.kernel;
      lock(words, file + FILE.LOCK, thread.owner);
      try {
        if (fstatSync(hostFd).size < end) ftruncateSync(hostFd, end);
      } finally {
        unlock(words, file + FILE.LOCK);
      }
      return Errno.SUCCESS;
    });
  },

  fd_datasync: (thread, fd) => flush(thread, fd, RightBit.FD_DATASYNC, fdatasyncSync),

  fd_sync: (thread, fd) => flush(thread, fd, RightBit.FD_SYNC, fsyncSync),

  fd_fdstat_get(thread, fd, result) {
    const { memory, kernel } = thread;
    const at = memory.span(result, fdstat.size);
    return withTable(thread, () => {
      const entry = openEntry(thread, fd);
      const file = kernel.words[entry + ENTRY.FILE]!;
      kernel.reach(file, FILE.WORDS);
      const { words } = kernel;
      memory.clear(at, fdstat.size);
      memory.setU8(at + fdstat.at.filetype, words[file + FILE.TYPE]!);
      memory.setU16(at + fdstat.at.flags, words[file + FILE.FLAGS]!);
      memory.setU64Halves(
        at + fdstat.at.rightsBase,
        words[entry + ENTRY.BASE_LO]!,
        words[entry + ENTRY.BASE_HI]!,
      );
      memory.setU64Halves(
        at + fdstat.at.rightsInheriting,
        words[entry + ENTRY.INH_LO]!,
        words[entry + ENTRY.INH_HI]!,
      );
      return Errno.SUCCESS;
    });
  },

  fd_fdstat_set_flags(thread, fd, flags) {
    return withFile(thread, fd, RightBit.FD_FDSTAT_SET_FLAGS, (file) => {
      setStatusFlags(thread, file, flags & 0xffff);
      return Errno.SUCCESS;
    });
  },

  /** Rights can only be given up. */
  fd_fdstat_set_rights(thread, fd, base, inheriting) {
    return withTable(thread, () => {
      const entry = openEntry(thread, fd);
      const { words } = thread.kernel;
      const wanted = [base, base >> 32n, inheriting, inheriting >> 32n].map((half) =>
        Number(BigInt.asIntN(32, half)),
      );
      const at = [ENTRY.BASE_LO, ENTRY.BASE_HI, ENTRY.INH_LO, ENTRY.INH_HI];
      if (at.some((word, i) => (wanted[i]! & ~words[entry + word]!) !== 0)) return Errno.NOTCAPABLE;
      at.forEach((word, i) => {
        words[entry + word] = wanted[i]!;
      });
      return Errno.SUCCESS;
    });
  },

  fd_filestat_get: (thread, fd, result) => getFilestat(thread, fd, result, writeFilestat),

  fd_filestat_get_snapshot0: (thread, fd, result) => getFilestat(thread, fd, result, writeFilestatSnapshot0),

  fd_filestat_set_size(thread, fd, size) {
    return withFile(thread, fd, RightBit.FD_FILESTAT_SET_SIZE, (file) => {
      ftruncateSync(regularFd(thread, file, Errno.BADF), toSize(size));
      return Errno.SUCCESS;
    });
  },

  fd_filestat_set_times(thread, fd, atim, mtim, flags) {
    return withFile(thread, fd, RightBit.FD_FILESTAT_SET_TIMES, (file) => {
      const { words } = thread.kernel;
      const times = timesToSet(atim, mtim, flags);
      const type = words[file + FILE.TYPE];
      if (type !== FileType.REGULAR_FILE && type !== FileType.DIRECTORY) return Errno.INVAL;
      if (words[file + FILE.MOUNT]! < 0) return Errno.ROFS;
      thread.view.files.setTimesOf(directoryRefOf(thread, file), times.atim, times.mtim);
      return Errno.SUCCESS;
    });
  },
};
