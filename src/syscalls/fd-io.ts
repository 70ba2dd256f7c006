/** Reading and writing through descriptors (ABI §2.2). */
import { Errno } from '../abi/errno.js';
import { RightBit } from '../abi/rights.js';
import { Signal } from '../abi/signal.js';
import { Whence, WhenceSnapshot0 } from '../abi/whence.js';
import { FILE, FileKind } from '../kernel/descriptors/open-file.js';
import { acquire, release, requireRight } from '../kernel/descriptors/table.js';
import { Failure, fail } from '../kernel/failure.js';
import { codeOf } from '../kernel/files/host-error.js';
import type { FileOperations } from '../kernel/objects/file-operations.js';
import { operationsOf } from '../kernel/objects/operations.js';
import { deliverSignals, postSignal } from '../kernel/signals/delivery.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';

/** Runs `work` on the open file of `fd`, which must have `right`, and holds it open meanwhile. */
export function withFile<T>(
  thread: GuestThread,
  fd: number,
  right: number,
  work: (file: number, operations: FileOperations) => T,
): T {
  const file = acquire(thread, fd, right);
  try {
    return work(file, operationsOf(thread, file));
  } finally {
    release(thread, file);
  }
}

/** The last offset that a file can have for POSIX. */
export const LAST_OFFSET = 0x7fff_ffff_ffff_ffffn;

/**
 * A file offset of the guest, in bytes: Infinity for one beyond what Node can reach, where no file is. INVAL where it, or
 * `length` bytes from it on, leave the range of offsets.
 */
export function toOffset(value: bigint, length = 0): number {
  const offset = BigInt.asUintN(64, value);
  if (offset + BigInt(length) > LAST_OFFSET) return fail(Errno.INVAL);
  return offset > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : Number(offset);
}

/** A size that a file is to have, in bytes; FBIG for one that none can have. */
export function toSize(value: bigint): number {
  const size = toOffset(value);
  return size === Number.POSITIVE_INFINITY ? fail(Errno.FBIG) : size;
}

function isBrokenPipe(error: unknown): boolean {
  return (error instanceof Failure && error.errno === Errno.PIPE) || codeOf(error) === 'EPIPE';
}

/** Nobody reads any longer: SIGPIPE, which ends a program that does not handle it, then PIPE. */
function raiseBrokenPipe(thread: GuestThread): Errno {
  postSignal(thread, () => thread.record, Signal.PIPE);
  deliverSignals(thread);
  return Errno.PIPE;
}

/** The write calls: as `io`, with a broken pipe turned into its signal. */
export function writing(thread: GuestThread, write: () => Errno): Errno {
  try {
    return write();
  } catch (error) {
    if (isBrokenPipe(error)) return raiseBrokenPipe(thread);
    throw error;
  }
}

/** Requires `right`, but of regular files alone: what has no position says so, whatever rights the descriptor has. */
function requirePosition(thread: GuestThread, fd: number, file: number, right: number): void {
  if (thread.kernel.words[file + FILE.KIND] === FileKind.REGULAR) requireRight(thread, fd, right);
}

function seek(thread: GuestThread, fd: number, delta: bigint, whence: number, result: number): Errno {
  thread.memory.span(result, 8);
  const right = delta === 0n && whence === Whence.CUR ? RightBit.FD_TELL : RightBit.FD_SEEK;
  return withFile(thread, fd, -1, (file, operations) => {
    requirePosition(thread, fd, file, right);
    const position = operations.seek(thread, file, Number(delta), whence);
    thread.memory.setU64(result, BigInt(position));
    return Errno.SUCCESS;
  });
}

const SNAPSHOT0_ORIGINS: Readonly<Record<number, number>> = {
  [WhenceSnapshot0.CUR]: Whence.CUR,
  [WhenceSnapshot0.END]: Whence.END,
  [WhenceSnapshot0.SET]: Whence.SET,
};

export const fdIoHandlers: Handlers<
  'fd_read' | 'fd_write' | 'fd_pread' | 'fd_pwrite' | 'fd_seek' | 'fd_seek_snapshot0' | 'fd_tell'
> = {
  fd_read(thread, fd, iovecs, count, read) {
    const { memory } = thread;
    memory.span(read, 4);
    const file = acquire(thread, fd, RightBit.FD_READ);
    try {
      const vectors = thread.vectors.load(iovecs, count);
      memory.setU32(read, operationsOf(thread, file).read(thread, file, vectors));
      return Errno.SUCCESS;
    } finally {
      release(thread, file);
    }
  },

  fd_write(thread, fd, iovecs, count, written) {
    const { memory } = thread;
    memory.span(written, 4);
    const file = acquire(thread, fd, RightBit.FD_WRITE);
    try {
      const vectors = thread.vectors.load(iovecs, count);
      memory.setU32(written, operationsOf(thread, file).write(thread, file, vectors));
      return Errno.SUCCESS;
    } catch (error) {
      if (isBrokenPipe(error)) return raiseBrokenPipe(thread);
      throw error;
    } finally {
      release(thread, file);
    }
  },

  fd_pread(thread, fd, iovecs, count, offset, read) {
    thread.memory.span(read, 4);
    return withFile(thread, fd, RightBit.FD_READ, (file, operations) => {
      requirePosition(thread, fd, file, RightBit.FD_SEEK);
      const vectors = thread.vectors.load(iovecs, count);
      thread.memory.setU32(read, operations.readAt(thread, file, vectors, toOffset(offset, vectors.total)));
      return Errno.SUCCESS;
    });
  },

  fd_pwrite(thread, fd, iovecs, count, offset, written) {
    thread.memory.span(written, 4);
    return writing(thread, () =>
      withFile(thread, fd, RightBit.FD_WRITE, (file, operations) => {
        requirePosition(thread, fd, file, RightBit.FD_SEEK);
        const vectors = thread.vectors.load(iovecs, count);
        thread.memory.setU32(
          written,
          operations.writeAt(thread, file, vectors, toOffset(offset, vectors.total)),
        );
        return Errno.SUCCESS;
      }),
    );
  },

  fd_seek: seek,

  fd_seek_snapshot0: (thread, fd, delta, whence, result) =>
    seek(thread, fd, delta, SNAPSHOT0_ORIGINS[whence] ?? fail(Errno.INVAL), result),

  fd_tell: (thread, fd, result) => seek(thread, fd, 0n, Whence.CUR, result),
};
