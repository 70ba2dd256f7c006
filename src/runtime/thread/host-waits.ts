/**
 * The guest's own `memory.atomic.wait32/64`, done by the host: the loader has replaced the instructions by calls
 * through a table (binary/outline-waits.ts). So a thread that waits there is seen, woken when its process ends and
 * gives its worker back, instead of being killed with it.
 */
import { deliverSignals } from '../../kernel/signals/delivery.js';
import { hasPendingSignals } from '../../kernel/signals/pending.js';
import { parkOnGuest, type WaitResult } from '../../kernel/threads/futex.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import { WaitKind } from '../../kernel/threads/thread-words.js';
import { makeWaitFunctions, type WaitFunctions } from '../binary/host-wait.js';

const RESULTS = { ok: 0, 'not-equal': 1, 'timed-out': 2 } as const;

function milliseconds(nanoseconds: bigint): number {
  return nanoseconds < 0n ? Number.POSITIVE_INFINITY : Number(nanoseconds) / 1e6;
}

/** Thrown through a guest function that would wait where it may not. */
export const WAIT_REFUSED = Object.freeze({ waitRefused: true });

/** @param isRefused asked before each wait; if it is, WAIT_REFUSED is thrown */
export function makeHostWaits(
  thread: GuestThread,
  isRefused: () => boolean,
  relay?: WebAssembly.Module,
): WaitFunctions {
  const { memory } = thread;
  let longs = new BigInt64Array(new SharedArrayBuffer(0));

  const wait = (address: number, size: number, park: () => WaitResult): number => {
    if (isRefused()) throw WAIT_REFUSED;
    const at = memory.span(address, size);
    thread.enterCall();
    const result = parkOnGuest(thread, WaitKind.ATOMIC_WAIT, at / 4, park);
    if (hasPendingSignals(thread)) deliverSignals(thread);
    thread.exitCall();
    return RESULTS[result];
  };

  return makeWaitFunctions(
    (address, expected, timeout) =>
      wait(address, 4, () =>
        Atomics.wait(memory.words, (address >>> 0) / 4, expected, milliseconds(timeout)),
      ),
    (address, expected, timeout) =>
      wait(address, 8, () => {
        const buffer = memory.words.buffer as unknown as SharedArrayBuffer;
        if (longs.buffer !== buffer) longs = new BigInt64Array(buffer);
        return Atomics.wait(longs, (address >>> 0) / 8, expected, milliseconds(timeout));
      }),
    relay,
  );
}
