/** Descriptors of event counters (ABI §2.2): reads and writes of 8 bytes, little-endian. */
import { Errno } from '../../abi/errno.js';
import { FdFlags } from '../../abi/flags.js';
import { FILE } from '../descriptors/open-file.js';
import { fail } from '../failure.js';
import type { IoVectors } from '../io-vectors.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { WaitKind } from '../threads/thread-words.js';
import { waitUntil } from '../threads/waiting.js';
import { addCount, EVENT, eventOf, type Halves, hasRoomFor, isRaised, takeCount } from './event-counter.js';
import type { FileOperations } from './file-operations.js';

const noPosition = () => fail(Errno.SPIPE);

/** Bytes of one value. */
const VALUE = 8;
const ALL_ONES = 0xffff_ffff;

/** The value of the call under way and its bytes; a worker runs one call at a time up to where it waits. */
const value: Halves = { low: 0, high: 0 };
const scratch = new DataView(new ArrayBuffer(VALUE));

function loadValue({ memory }: GuestThread, vectors: IoVectors, skip: number): Halves {
  for (let i = 0; i < VALUE; i++) scratch.setUint8(i, memory.bytes[vectors.locate(skip + i)[0]]!);
  value.low = scratch.getUint32(0, true);
  value.high = scratch.getUint32(4, true);
  return value;
}

function storeValue({ memory }: GuestThread, vectors: IoVectors): void {
  scratch.setUint32(0, value.low, true);
  scratch.setUint32(4, value.high, true);
  for (let i = 0; i < VALUE; i++) memory.bytes[vectors.locate(i)[0]] = scratch.getUint8(i);
}

/** Waits on the counter's queue, or fails with AGAIN when the description does not block. */
function wait(thread: GuestThread, file: number, kind: number, ready: () => boolean): void {
  const { kernel } = thread;
  if ((kernel.words[file + FILE.FLAGS]! & FdFlags.NONBLOCK) !== 0) fail(Errno.AGAIN);
  waitUntil(thread, kind, [eventOf(kernel, file) + EVENT.QUEUE], ready, Number.POSITIVE_INFINITY);
  thread.vectors.reload();
}

export const eventOperations: FileOperations = {
  readAt: noPosition,
  writeAt: noPosition,
  seek: noPosition,

  read(thread, file, vectors) {
    const { kernel, owner } = thread;
    const event = eventOf(kernel, file);
    if (vectors.total < VALUE) return fail(Errno.INVAL);
    while (!takeCount(kernel, event, value, owner)) {
      wait(thread, file, WaitKind.READ, () => isRaised(kernel, event));
    }
    storeValue(thread, vectors);
    return VALUE;
  },

  /** Adds each 8 bytes there are; waits only for the first. */
  write(thread, file, vectors) {
    const { kernel, owner } = thread;
    const event = eventOf(kernel, file);
    let done = 0;
    if (vectors.total < VALUE) return fail(Errno.INVAL);
    while (vectors.total - done >= VALUE) {
      const { low, high } = loadValue(thread, vectors, done);
      if (low === ALL_ONES && high === ALL_ONES) return done > 0 ? done : fail(Errno.INVAL);
      if (addCount(kernel, event, value, owner)) done += VALUE;
      else if (done > 0) return done;
      else wait(thread, file, WaitKind.SEND, () => hasRoomFor(kernel, event, { low, high }));
    }
    return done;
  },

  readiness({ kernel }, file, forWriting) {
    const raised = forWriting || isRaised(kernel, eventOf(kernel, file));
    return { ready: raised, bytes: raised ? VALUE : 0, hangup: false };
  },

  queue: ({ kernel }, file) => eventOf(kernel, file) + EVENT.QUEUE,
};
