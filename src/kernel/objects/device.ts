/** The devices of the guest's `/dev` that need no host file. */

import { Errno } from '../../abi/errno.js';
import { FILE } from '../descriptors/open-file.js';
import { fail } from '../failure.js';
import type { IoVectors } from '../io-vectors.js';
import { fillRandom } from '../random.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { ALWAYS_READY, type FileOperations } from './file-operations.js';

export const Device = { NULL: 1, ZERO: 2, RANDOM: 3, FULL: 4 } as const;

function read(thread: GuestThread, file: number, vectors: IoVectors): number {
  const device = thread.kernel.words[file + FILE.DEVICE]!;
  if (device === Device.NULL) return 0;
  for (let i = 0; i < vectors.count; i++) {
    const start = vectors.pointers[i]!;
    const length = vectors.lengths[i]!;
    if (device === Device.RANDOM) fillRandom(thread.memory.bytes, start, length);
    else thread.memory.bytes.fill(0, start, start + length);
  }
  return vectors.total;
}

function write(thread: GuestThread, file: number, vectors: IoVectors): number {
  const device = thread.kernel.words[file + FILE.DEVICE]!;
  if (device === Device.FULL && vectors.total > 0) return fail(Errno.NOSPC);
  return vectors.total;
}

export const deviceOperations: FileOperations = {
  read,
  write,
  readAt: read,
  writeAt: write,
  seek: () => 0,
  readiness: () => ALWAYS_READY,
  queue: () => 0,
};
