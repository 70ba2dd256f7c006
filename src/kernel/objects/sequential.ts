/**
 * Host descriptors without a position of ours: redirected stdio, character devices, and stdout on a pipe or
 * terminal (opened anew with O_NONBLOCK).
 *
 * A guest worker may never sit in a blocking write: nothing can end it there. What a pipe or terminal does not
 * take at once goes through the ring of the file's stream: the host's event loop writes it and the thread parks.
 */
import { readSync, readvSync, writeSync } from 'node:fs';
import { Errno } from '../../abi/errno.js';
import { FdFlags } from '../../abi/flags.js';
import { FILE } from '../descriptors/open-file.js';
import { fail } from '../failure.js';
import type { IoVectors } from '../io-vectors.js';
import { lock, unlock } from '../memory/lock.js';
import { sendThroughRing, waitForDrain, withTurn } from '../streams/guest-side.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { ALWAYS_READY, type FileOperations } from './file-operations.js';

const noPosition = () => fail(Errno.SPIPE);

/** Writes what the host takes without blocking and answers how much that was. */
function writeDirectly(thread: GuestThread, hostFd: number, vectors: IoVectors): number {
  const { bytes } = thread.memory;
  let sent = 0;
  try {
    while (sent < vectors.total) {
      const [start, end] = vectors.locate(sent);
      sent += writeSync(hostFd, bytes, start, end - start, null);
    }
  } catch (error) {
    if (sent === 0 && !isAgain(error)) throw error;
  }
  return sent;
}

function isAgain(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}

function writeLocked(thread: GuestThread, file: number, vectors: IoVectors): number {
  const { words } = thread.kernel;
  lock(words, file + FILE.LOCK, thread.owner);
  try {
    const sent = writeDirectly(thread, words[file + FILE.HOST_FD]!, vectors);
    return sent === 0 && vectors.total > 0 ? fail(Errno.AGAIN) : sent;
  } finally {
    unlock(words, file + FILE.LOCK);
  }
}

export const sequentialOperations: FileOperations = {
  readAt: noPosition,
  writeAt: noPosition,
  seek: noPosition,

  read(thread, file, vectors) {
    const hostFd = thread.kernel.words[file + FILE.HOST_FD]!;
    if (vectors.count === 0) return 0;
    if (vectors.count > 1) return readvSync(hostFd, vectors.views());
    return readSync(hostFd, thread.memory.bytes, vectors.pointers[0]!, vectors.lengths[0]!, null);
  },

  write(thread, file, vectors) {
    const { words } = thread.kernel;
    const stream = words[file + FILE.STREAM]!;
    if (stream === 0) return writeLocked(thread, file, vectors);
    thread.kernel.reach(stream, 16);
    const nonblocking = (words[file + FILE.FLAGS]! & FdFlags.NONBLOCK) !== 0;
    return withTurn(thread, stream, nonblocking, () => {
      const sent = writeDirectly(thread, words[file + FILE.HOST_FD]!, vectors);
      if (sent === vectors.total) return sent;
      if (nonblocking) return sent > 0 ? sent : fail(Errno.AGAIN);
      const rest = sendThroughRing(thread, stream, vectors, sent, false);
      waitForDrain(thread, stream);
      return sent + rest;
    });
  },

  readiness: () => ALWAYS_READY,
  queue: () => 0,
};
