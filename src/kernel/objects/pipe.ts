/** The ends of pipes: one reads, the other writes (ABI §2.2). */
import { Errno } from '../../abi/errno.js';
import { FdFlags } from '../../abi/flags.js';
import { Access, FILE } from '../descriptors/open-file.js';
import { fail } from '../failure.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { incomingOf, outgoingOf } from '../pipes/ends.js';
import { available, isClosed, PIPE, PIPE_BUF, room } from '../pipes/pipe.js';
import { Mode, readPipe, writePipe } from '../pipes/transfer.js';
import type { GuestThread } from '../threads/guest-thread.js';
import type { FileOperations, Readiness } from './file-operations.js';

const noPosition = () => fail(Errno.SPIPE);

/** BADF for the wrong direction. */
function requireAccess({ kernel }: GuestThread, file: number, access: number): void {
  if ((kernel.words[file + FILE.ACCESS]! & access) === 0) fail(Errno.BADF);
}

function modeOf({ kernel }: GuestThread, file: number): number {
  return (kernel.words[file + FILE.FLAGS]! & FdFlags.NONBLOCK) === 0 ? 0 : Mode.NONBLOCK;
}

/** Whether bytes, or the end of them, can be read. A side that is gone is told of even when it does not read. */
export function readReadiness(kernel: KernelMemory, pipe: number): Readiness {
  const hangup = isClosed(kernel, pipe);
  const bytes = available(kernel, pipe);
  return { ready: hangup || bytes > 0, bytes, hangup };
}

/** Whether a write of PIPE_BUF bytes would not wait. */
export function writeReadiness(kernel: KernelMemory, pipe: number): Readiness {
  const hangup = isClosed(kernel, pipe);
  const bytes = room(kernel, pipe);
  return { ready: hangup || bytes >= PIPE_BUF, bytes, hangup };
}

/** An end is never ready for the wrong direction, but for hearing that the other end is gone. */
function hangupOnly(kernel: KernelMemory, pipe: number): Readiness {
  const hangup = isClosed(kernel, pipe);
  return { ready: hangup, bytes: 0, hangup };
}

export const pipeOperations: FileOperations = {
  readAt: noPosition,
  writeAt: noPosition,
  seek: noPosition,

  read(thread, file, vectors) {
    requireAccess(thread, file, Access.READ);
    return readPipe(thread, incomingOf(thread.kernel, file), vectors, modeOf(thread, file));
  },

  write(thread, file, vectors) {
    requireAccess(thread, file, Access.WRITE);
    return writePipe(thread, outgoingOf(thread.kernel, file), vectors, modeOf(thread, file));
  },

  readiness({ kernel }, file, forWriting) {
    const pipe = incomingOf(kernel, file);
    const writes = kernel.words[file + FILE.ACCESS] === Access.WRITE;
    if (writes !== forWriting) return hangupOnly(kernel, pipe);
    return forWriting ? writeReadiness(kernel, pipe) : readReadiness(kernel, pipe);
  },

  queue({ kernel }, file) {
    const writes = kernel.words[file + FILE.ACCESS] === Access.WRITE;
    const pipe = incomingOf(kernel, file);
    return kernel.words[pipe + (writes ? PIPE.WRITE_QUEUE : PIPE.READ_QUEUE)]!;
  },
};
