/** Waiting for events of a set (ABI §2.4, `epoll_wait`). */
import { eventsOf } from '../objects/operations.js';
import { deliverSignals } from '../signals/delivery.js';
import { deliverableSignals } from '../signals/pending.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { WaitKind } from '../threads/thread-words.js';
import { wakeNext } from '../threads/wait-queue.js';
import { waitUntil } from '../threads/waiting.js';
import { type EventRoom, takeEvents } from './scan.js';
import { SET } from './words.js';

/**
 * Waits until something has happened to what the set watches, or until `deadline` (of `performance.now()`,
 * milliseconds; one that is past looks once).
 * @returns the events written to `room`, 0 when the deadline passed first.
 */
export function waitForEvents(thread: GuestThread, set: number, room: EventRoom, deadline: number): number {
  let count = 0;
  const take = () => {
    count = takeEvents(thread, set, eventsOf, room);
    return count > 0;
  };
  const ready = () => take() || deliverableSignals(thread) !== 0;
  try {
    if (take()) return count;
    while (deadline > performance.now()) {
      if (!waitUntil(thread, WaitKind.EPOLL, [set + SET.QUEUE], ready, deadline) || count > 0) break;
      // The handler may take its time: it runs while the thread is in no queue, and what comes meanwhile is for others.
      passOn(thread, set);
      deliverSignals(thread);
      if (take()) break;
    }
    return count;
  } finally {
    passOn(thread, set);
  }
}

/** A wake-up concerns one thread only. What this one leaves, because it took no more or is on its way, is for another. */
function passOn({ kernel, owner }: GuestThread, set: number): void {
  if (Atomics.load(kernel.words, set + SET.READY_COUNT) > 0) wakeNext(kernel, set + SET.QUEUE, owner);
}
