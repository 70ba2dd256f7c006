/** The socket calls on what carries bytes between guest threads: socket pairs, and the ends of pipes (ABI §2.9). */
import { Errno } from '../abi/errno.js';
import { FdFlags, RiFlags, SdFlags, SiFlags } from '../abi/flags.js';
import { Access, FILE, FileKind } from '../kernel/descriptors/open-file.js';
import { fail } from '../kernel/failure.js';
import { incomingOf, outgoingOf } from '../kernel/pipes/ends.js';
import { closeReader, shutWriter } from '../kernel/pipes/pipe.js';
import { Mode, readPipe, writePipe } from '../kernel/pipes/transfer.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';

function modeOf(thread: GuestThread, file: number, dontWait: boolean): number {
  const nonblock = dontWait || (thread.kernel.words[file + FILE.FLAGS]! & FdFlags.NONBLOCK) !== 0;
  return nonblock ? Mode.NONBLOCK : 0;
}

function requireAccess(thread: GuestThread, file: number, access: number): void {
  if ((thread.kernel.words[file + FILE.ACCESS]! & access) === 0) fail(Errno.BADF);
}

/** Whether the description is one that these functions are for. */
export function isPipeOrPair(thread: GuestThread, file: number): boolean {
  const kind = thread.kernel.words[file + FILE.KIND];
  return kind === FileKind.PAIR || kind === FileKind.PIPE;
}

/** `sock_recv` into the thread's buffers; answers the bytes received. */
export function receive(thread: GuestThread, file: number, flags: number): number {
  requireAccess(thread, file, Access.READ);
  const mode =
    modeOf(thread, file, (flags & RiFlags.DONT_WAIT) !== 0) |
    ((flags & RiFlags.PEEK) === 0 ? 0 : Mode.PEEK) |
    ((flags & RiFlags.WAITALL) === 0 ? 0 : Mode.WAITALL);
  return readPipe(thread, incomingOf(thread.kernel, file), thread.vectors, mode);
}

/** `sock_send` from the thread's buffers; answers the bytes sent. */
export function send(thread: GuestThread, file: number, flags: number): number {
  requireAccess(thread, file, Access.WRITE);
  const mode = modeOf(thread, file, (flags & SiFlags.DONT_WAIT) !== 0);
  return writePipe(thread, outgoingOf(thread.kernel, file), thread.vectors, mode);
}

/** Closes one direction of a pair's end, or both. INVAL for other words. */
export function shutDown({ kernel, owner }: GuestThread, file: number, how: number): void {
  if (how === 0 || (how & ~(SdFlags.RD | SdFlags.WR)) !== 0) fail(Errno.INVAL);
  if ((how & SdFlags.RD) !== 0) closeReader(kernel, incomingOf(kernel, file), owner);
  if ((how & SdFlags.WR) !== 0) shutWriter(kernel, outgoingOf(kernel, file), owner);
}
