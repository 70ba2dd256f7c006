/** Regular host files. Node has no lseek: the position is ours, in the description, and every access is positional. */
import { fstatSync, readSync, readvSync, writeSync, writevSync } from 'node:fs';
import { Errno } from '../../abi/errno.js';
import { FdFlags } from '../../abi/flags.js';
import { Whence } from '../../abi/whence.js';
import { FILE, offsetOf, setOffset } from '../descriptors/open-file.js';
import { fail } from '../failure.js';
import type { IoVectors } from '../io-vectors.js';
import { lock, unlock } from '../memory/lock.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { ALWAYS_READY, type FileOperations } from './file-operations.js';

function readAt(thread: GuestThread, file: number, vectors: IoVectors, offset: number): number {
  const hostFd = thread.kernel.words[file + FILE.HOST_FD]!;
  if (vectors.count === 0 || !Number.isSafeInteger(offset)) return 0;
  if (vectors.count > 1) return readvSync(hostFd, vectors.views(), offset);
  return readSync(hostFd, thread.memory.bytes, vectors.pointers[0]!, vectors.lengths[0]!, offset);
}

function writeAt(thread: GuestThread, file: number, vectors: IoVectors, offset: number): number {
  const hostFd = thread.kernel.words[file + FILE.HOST_FD]!;
  if (vectors.count === 0) return 0;
  if (!Number.isSafeInteger(offset)) return fail(Errno.FBIG);
  if (vectors.count > 1) return writevSync(hostFd, vectors.views(), offset);
  return writeSync(hostFd, thread.memory.bytes, vectors.pointers[0]!, vectors.lengths[0]!, offset);
}

/** Runs `access` on the position of `file`, which no other thread moves meanwhile. */
function atPosition(thread: GuestThread, file: number, access: (offset: number) => number): number {
  const { kernel } = thread;
  lock(kernel.words, file + FILE.LOCK, thread.owner);
  try {
    return access(offsetOf(kernel, file));
  } finally {
    unlock(kernel.words, file + FILE.LOCK);
  }
}

export const regularOperations: FileOperations = {
  readAt,
  writeAt,

  read(thread, file, vectors) {
    return atPosition(thread, file, (offset) => {
      const count = readAt(thread, file, vectors, offset);
      setOffset(thread.kernel, file, offset + count);
      return count;
    });
  },

  write(thread, file, vectors) {
    const { words } = thread.kernel;
    return atPosition(thread, file, (offset) => {
      const appending = (words[file + FILE.FLAGS]! & FdFlags.APPEND) !== 0;
      const start = appending ? fstatSync(words[file + FILE.HOST_FD]!).size : offset;
      const count = writeAt(thread, file, vectors, start);
      // The host appends where the file ends by then, which another process may have moved.
      setOffset(thread.kernel, file, appending ? fstatSync(words[file + FILE.HOST_FD]!).size : start + count);
      return count;
    });
  },

  seek(thread, file, delta, origin) {
    return atPosition(thread, file, (offset) => {
      const base = seekBase(thread, file, offset, origin);
      const target = base + delta;
      if (target < 0) return fail(Errno.INVAL);
      if (!Number.isSafeInteger(target)) return fail(Errno.OVERFLOW);
      setOffset(thread.kernel, file, target);
      return target;
    });
  },

  readiness: () => ALWAYS_READY,
  queue: () => 0,
};

function seekBase(thread: GuestThread, file: number, offset: number, origin: number): number {
  if (origin === Whence.SET) return 0;
  if (origin === Whence.CUR) return offset;
  if (origin === Whence.END) return fstatSync(thread.kernel.words[file + FILE.HOST_FD]!).size;
  return fail(Errno.INVAL);
}
