/**
 * Signals of guest threads (ABI §5.6): a set of pending numbers for each thread, delivered on the thread itself, at
 * the end of its host calls, by calling the export that the guest named with `callback_signal`.
 */
import { Signal } from '../../abi/signal.js';
import { dieBySignal } from '../processes/end.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { notifyGuestWait } from '../threads/guest-waits.js';
import { THREAD, wakeThread } from '../threads/thread-words.js';
import { hasPendingSignals } from './pending.js';

/** Signals that do nothing to a process without a handler; all others end it, as POSIX has it. There is no job control. */
const IGNORED: ReadonlySet<number> = new Set<number>([
  Signal.CHLD,
  Signal.CONT,
  Signal.STOP,
  Signal.TSTP,
  Signal.TTIN,
  Signal.TTOU,
  Signal.URG,
  Signal.WINCH,
]);

/** Whether `signal` ends a process that has no handler for it. */
export function endsProcess(signal: number): boolean {
  return !IGNORED.has(signal);
}

/** Rounds of notifying a thread that parks on guest memory before it is left to its next call. */
const NUDGES = 50;

/** Makes `signal` (1 to 64) pending for the thread with `record`; pending twice is pending once. */
export function postSignal(thread: GuestThread, record: number, signal: number): void {
  const bit = signal - 1;
  Atomics.or(
    thread.kernel.words,
    record + (bit < 32 ? THREAD.PENDING_LO : THREAD.PENDING_HI),
    1 << (bit & 31),
  );
  if (record !== thread.record) nudge(thread, record, serialOf(thread, record));
}

function serialOf(thread: GuestThread, record: number): number {
  return Atomics.load(thread.kernel.words, record + THREAD.SERIAL);
}

/**
 * Makes another thread look at its signals. A wait on guest memory is ended by notifying the word; a thread that was
 * only about to wait misses that, so it is repeated until the thread has moved on.
 */
function nudge(thread: GuestThread, record: number, serial: number): void {
  const { kernel, memory } = thread;
  const { words } = kernel;
  wakeThread(kernel, record);
  for (let round = 0; round < NUDGES; round++) {
    if (serialOf(thread, record) !== serial) return;
    const address = notifyGuestWait(kernel, memory, record);
    if (address === 0) return;
    Atomics.wait(words, record + THREAD.ADDRESS, address, 1);
  }
}

/** Delivers what is pending for the calling thread; may not return. */
export function deliverSignals(thread: GuestThread): void {
  if (!hasPendingSignals(thread)) return;
  for (const [word, first] of [
    [THREAD.PENDING_LO, 1],
    [THREAD.PENDING_HI, 33],
  ] as const) {
    for (;;) {
      const signal = lowest(Atomics.load(thread.kernel.words, thread.record + word), first);
      if (signal === 0 || (isBlocked(thread) && signal !== Signal.KILL)) break;
      Atomics.and(thread.kernel.words, thread.record + word, ~(1 << ((signal - 1) & 31)));
      deliver(thread, signal);
    }
  }
}

function lowest(pending: number, first: number): number {
  return pending === 0 ? 0 : first + Math.clz32(1) - Math.clz32(pending & -pending);
}

/** A registered name without such an export is libc's way to block signals (ABI §2.8). */
function isBlocked(thread: GuestThread): boolean {
  return thread.signalExport !== undefined && !thread.hasExport(thread.signalExport);
}

function deliver(thread: GuestThread, signal: number): void {
  if (signal === Signal.KILL) dieBySignal(thread, signal);
  if (thread.signalExport === undefined) {
    if (endsProcess(signal)) dieBySignal(thread, signal);
    return;
  }
  callHandler(thread, thread.signalExport, signal);
}

/** The handler is guest code: while it runs the thread counts as outside of a host call. */
function callHandler(thread: GuestThread, name: string, signal: number): void {
  thread.exitCall();
  try {
    thread.callExport(name, signal);
  } catch (error) {
    // libc's default handler is a null pointer until the guest installs its first one (ABI §5.6).
    if (!thread.leaving && error instanceof WebAssembly.RuntimeError && endsProcess(signal)) {
      thread.enterCall();
      dieBySignal(thread, signal);
    }
    throw error;
  }
  thread.enterCall();
}
