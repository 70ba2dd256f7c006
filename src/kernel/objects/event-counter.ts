/**
 * Event counters (ABI §2.2, `fd_event`): a number of 64 bits that writes add to and reads take. A record of 16 words:
 *
 *   0 LOCK       guards the counter
 *   1 LOW        2 HIGH: the counter, two unsigned halves
 *   3 SEMAPHORE  1 when a read takes one instead of all
 *   4…5 QUEUE    threads waiting for a counter that is not 0, or for room to add
 */
import { EpollType } from '../../abi/epoll.js';
import { FileType } from '../../abi/filetype.js';
import { EventFdFlags, FdFlags } from '../../abi/flags.js';
import { Access, createOpenFile, FILE, FileKind } from '../descriptors/open-file.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import { wakeAll } from '../threads/wait-queue.js';

export const EVENT = { LOCK: 0, LOW: 1, HIGH: 2, SEMAPHORE: 3, QUEUE: 4, WORDS: 16 } as const;

const HALF = 0x1_0000_0000;

/** A value of 64 bits in unsigned halves, that calls hand about without making a BigInt. */
export interface Halves {
  low: number;
  high: number;
}

/** Makes a counter that begins with `initial` and answers its description, with one reference. */
export function openEventCounter(
  kernel: KernelMemory,
  initial: Halves,
  flags: number,
  owner: number,
): number {
  const event = kernel.allocate(EVENT.WORDS, owner);
  kernel.reach(event, EVENT.WORDS);
  const { words } = kernel;
  words[event + EVENT.LOW] = initial.low;
  words[event + EVENT.HIGH] = initial.high;
  words[event + EVENT.SEMAPHORE] = flags & EventFdFlags.SEMAPHORE;
  return createOpenFile(
    kernel,
    {
      kind: FileKind.EVENT,
      type: FileType.UNKNOWN,
      access: Access.READ | Access.WRITE,
      flags: (flags & EventFdFlags.NONBLOCK) === 0 ? 0 : FdFlags.NONBLOCK,
      stream: event,
    },
    owner,
  );
}

/** The record of the counter that a description refers to. */
export function eventOf(kernel: KernelMemory, file: number): number {
  const event = kernel.words[file + FILE.STREAM]!;
  kernel.reach(event, EVENT.WORDS);
  return event;
}

export function freeEventCounter(kernel: KernelMemory, file: number, owner: number): void {
  kernel.free(eventOf(kernel, file), EVENT.WORDS, owner);
}

/** Whether a read would find something; without the lock, as it was a moment ago. */
export function isRaised({ words }: KernelMemory, event: number): boolean {
  return (Atomics.load(words, event + EVENT.LOW) | Atomics.load(words, event + EVENT.HIGH)) !== 0;
}

/** Takes the counter, or one of it, into `taken`; false when it is 0. */
export function takeCount(kernel: KernelMemory, event: number, taken: Halves, owner: number): boolean {
  const { words } = kernel;
  lock(words, event + EVENT.LOCK, owner);
  const low = words[event + EVENT.LOW]! >>> 0;
  const high = words[event + EVENT.HIGH]! >>> 0;
  const one = words[event + EVENT.SEMAPHORE] === 1;
  taken.low = one ? 1 : low;
  taken.high = one ? 0 : high;
  const raised = low !== 0 || high !== 0;
  if (raised) {
    // The half that is not 0 afterwards is stored first, so that a look without the lock never finds 0 in between.
    Atomics.store(words, event + EVENT.LOW, one ? low - 1 : 0);
    Atomics.store(words, event + EVENT.HIGH, one ? high - (low === 0 ? 1 : 0) : 0);
  }
  unlock(words, event + EVENT.LOCK);
  if (raised) wakeAll(kernel, event + EVENT.QUEUE, owner, EpollType.OUT);
  return raised;
}

/** Whether `value` may be added: the counter stays below 2^64 − 1. */
export function hasRoomFor({ words }: KernelMemory, event: number, value: Halves): boolean {
  const low = (Atomics.load(words, event + EVENT.LOW) >>> 0) + value.low;
  const high = (Atomics.load(words, event + EVENT.HIGH) >>> 0) + value.high + (low >= HALF ? 1 : 0);
  return high < HALF - 1 || (high === HALF - 1 && low % HALF !== HALF - 1);
}

/** Adds `value`; false when there is no room for it. */
export function addCount(kernel: KernelMemory, event: number, value: Halves, owner: number): boolean {
  const { words } = kernel;
  lock(words, event + EVENT.LOCK, owner);
  const fits = hasRoomFor(kernel, event, value);
  if (fits) {
    const low = (words[event + EVENT.LOW]! >>> 0) + value.low;
    const high = (words[event + EVENT.HIGH]! >>> 0) + value.high + (low >= HALF ? 1 : 0);
    Atomics.store(words, event + EVENT.HIGH, high);
    Atomics.store(words, event + EVENT.LOW, low);
  }
  unlock(words, event + EVENT.LOCK);
  if (fits) wakeAll(kernel, event + EVENT.QUEUE, owner, EpollType.IN);
  return fits;
}
