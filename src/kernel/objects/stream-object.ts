/** Files whose bytes the host's event loop brings or takes (streams/). */
import { Errno } from '../../abi/errno.js';
import { FdFlags } from '../../abi/flags.js';
import { Access, FILE } from '../descriptors/open-file.js';
import { fail } from '../failure.js';
import { callHost, isReadable, readStream, sendThroughRing, withTurn } from '../streams/guest-side.js';
import { available, room, STREAM } from '../streams/stream.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { type FileOperations, NEVER_READY } from './file-operations.js';

const noPosition = () => fail(Errno.SPIPE);

function streamOf(thread: GuestThread, file: number, access: number): number {
  const { kernel } = thread;
  if ((kernel.words[file + FILE.ACCESS]! & access) === 0) fail(Errno.BADF);
  const stream = kernel.words[file + FILE.STREAM]!;
  kernel.reach(stream, STREAM.WORDS);
  return stream;
}

function isNonblocking(thread: GuestThread, file: number): boolean {
  return (thread.kernel.words[file + FILE.FLAGS]! & FdFlags.NONBLOCK) !== 0;
}

export const streamOperations: FileOperations = {
  readAt: noPosition,
  writeAt: noPosition,
  seek: noPosition,

  read(thread, file, vectors) {
    return readStream(thread, streamOf(thread, file, Access.READ), vectors, isNonblocking(thread, file));
  },

  write(thread, file, vectors) {
    const stream = streamOf(thread, file, Access.WRITE);
    const nonblocking = isNonblocking(thread, file);
    return withTurn(thread, stream, nonblocking, () => {
      const sent = sendThroughRing(thread, stream, vectors, 0, nonblocking);
      return sent === 0 && vectors.total > 0 ? fail(Errno.AGAIN) : sent;
    });
  },

  readiness(thread, file, forWriting) {
    const { kernel } = thread;
    const stream = streamOf(thread, file, Access.READ | Access.WRITE);
    const closed = Atomics.load(kernel.words, stream + STREAM.CLOSED) === 1;
    const writes = kernel.words[file + FILE.ACCESS] === Access.WRITE;
    if (writes !== forWriting) return closed ? { ready: true, bytes: 0, hangup: true } : NEVER_READY;
    if (forWriting) {
      const bytes = room(kernel, stream);
      return { ready: closed || bytes > 0, bytes, hangup: closed };
    }
    const bytes = available(kernel, stream);
    // Nothing arrives before the host has been asked to read.
    if (bytes === 0 && !closed) callHost(thread, stream);
    return { ready: isReadable(thread, stream), bytes, hangup: closed };
  },

  queue: (thread, file) => thread.kernel.words[file + FILE.STREAM]! + STREAM.QUEUE,
};
