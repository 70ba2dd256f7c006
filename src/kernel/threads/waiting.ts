import { Errno } from '../../abi/errno.js';
import { fail } from '../failure.js';
import { deliverSignals } from '../signals/delivery.js';
import { hasPendingSignals } from '../signals/pending.js';
import type { GuestThread } from './guest-thread.js';
import { THREAD, WaitKind } from './thread-words.js';
import { dequeue, enqueue } from './wait-queue.js';

/**
 * Waits until `ready` answers true or the deadline (of `performance.now()`, milliseconds) passes.
 *
 * The one way to block on kernel objects: `queues` are those of the objects that can make it ready, and whoever
 * changes such an object wakes its queue. `ready` is asked after the thread is in every queue, so no change is
 * missed. Signals are delivered meanwhile. The end of the process wakes the thread too, and then it leaves.
 * @returns false when the deadline passed first.
 */
export function waitUntil(
  thread: GuestThread,
  kind: number,
  queues: readonly number[],
  ready: () => boolean,
  deadline: number,
): boolean {
  const { kernel, record, owner } = thread;
  // Of the threads that wait for events of one set, each event concerns one.
  const exclusive = kind === WaitKind.EPOLL;
  const nodes: number[] = [];
  try {
    // A node may find no room: those before it must not stay.
    for (const queue of queues) nodes.push(enqueue(kernel, queue, record, owner, exclusive));
    kernel.words[record + THREAD.WAITING] = kind;
    for (;;) {
      const seen = Atomics.load(kernel.words, record + THREAD.PARK);
      if (thread.ending) thread.leave();
      // What is there already is taken first, and the signal comes at the end of the call.
      if (ready()) return true;
      if (hasPendingSignals(thread) && deliverSignals(thread)) {
        // A read or a send that was interrupted says so; the other waits go on (ABI §5.6).
        if (kind === WaitKind.READ || kind === WaitKind.SEND) fail(Errno.INTR);
        kernel.words[record + THREAD.WAITING] = kind;
        continue;
      }
      const left = deadline === Number.POSITIVE_INFINITY ? deadline : deadline - performance.now();
      if (left <= 0) return false;
      Atomics.wait(kernel.words, record + THREAD.PARK, seen, left);
    }
  } finally {
    kernel.words[record + THREAD.WAITING] = WaitKind.NONE;
    nodes.forEach((node, i) => {
      dequeue(kernel, queues[i]!, node, owner);
    });
  }
}
