/**
 * Signals of guest threads (ABI §5.6): a set of pending numbers for each thread, delivered on the thread itself, at
 * the end of its host calls and in its waits, by calling the export that the guest named with `callback_signal`.
 */
import { announceEnd, dieBySignal } from '../processes/end.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { notifyGuestWait } from '../threads/guest-waits.js';
import { THREAD, wakeThread } from '../threads/thread-words.js';
import { deliverableSignals, forgetTakenSignals, takeSignal } from './pending.js';
import { endsProcess, isIgnored, type Sender, signalThread } from './post.js';
import { bitOf } from './signal-set.js';

/**
 * Sends `signal` (1 to 31) to the thread of the caller's process that `find` answers the record of, 0 for none; may not
 * return.
 */
export function postSignal(thread: GuestThread, find: () => number, signal: number): void {
  signalThread(senderOf(thread), thread.process, find, signal);
  if (thread.ending) thread.leave();
}

/** Makes the thread with `record` look at its signals. Guest memory of another process is the host's to notify. */
function rouse(thread: GuestThread, record: number): void {
  const { words } = thread.kernel;
  wakeThread(thread.kernel, record);
  if (words[record + THREAD.PROCESS] === thread.process) return nudge(thread, record);
  if (Atomics.load(words, record + THREAD.ADDRESS) !== 0) thread.view.link.post({ type: 'nudge', record });
}

/**
 * A wait on guest memory is ended by notifying the word; a thread that was only about to wait misses that, so it is
 * repeated until the thread has moved on, which it tells by a notify of its own.
 */
function nudge(thread: GuestThread, record: number): void {
  const { kernel, memory } = thread;
  const { words } = kernel;
  const serial = Atomics.load(words, record + THREAD.SERIAL);
  while (Atomics.load(words, record + THREAD.SERIAL) === serial && !thread.ending) {
    const address = notifyGuestWait(kernel, memory, record);
    if (address === 0) return;
    if (Atomics.wait(words, record + THREAD.ADDRESS, address, 1) !== 'timed-out') return;
  }
}

/** The calling thread as a sender of signals. */
export function senderOf(thread: GuestThread): Sender {
  return {
    kernel: thread.kernel,
    owner: thread.owner,
    process: thread.process,
    tid: thread.tid,
    rouse: (record) => record !== thread.record && rouse(thread, record),
    ended: (process) => announceEnd(thread, process),
  };
}

/**
 * Delivers what is pending for the calling thread and not blocked; may not return.
 * @returns whether a handler of the guest ran
 */
export function deliverSignals(thread: GuestThread): boolean {
  let handled = false;
  if (thread.stack?.unwinding) return handled;
  for (;;) {
    const pending = deliverableSignals(thread);
    if (pending === 0) break;
    const signal = 32 - Math.clz32(pending & -pending);
    if (takeSignal(thread, signal)) handled = deliver(thread, signal) || handled;
  }
  forgetTakenSignals(thread);
  return handled;
}

function deliver(thread: GuestThread, signal: number): boolean {
  const { kernel, process, signalExport } = thread;
  if (signalExport !== undefined) return callHandler(thread, signalExport, signal);
  if (endsProcess(signal) && !isIgnored(kernel, process, signal)) dieBySignal(thread, signal);
  return false;
}

/** The engine's words for a call of a null function pointer. */
const NO_HANDLER = /null function|function signature mismatch|table index is out of bounds|indirect call/;

const isGlobal = (value: unknown): value is WebAssembly.Global => value instanceof WebAssembly.Global;

/**
 * Calls the guest's handler; false when it has none for `signal` and that does nothing by default. While the handler
 * runs, which may make calls, the same signal stays pending.
 */
function callHandler(thread: GuestThread, name: string, signal: number): boolean {
  const { __stack_pointer: pointer } = thread.exports;
  const top: unknown = isGlobal(pointer) ? pointer.value : undefined;
  const before = thread.handling;
  const buffers = thread.vectors.mark();
  thread.handling |= bitOf(signal);
  try {
    runHandler(thread, name, signal);
    return true;
  } catch (error) {
    if (thread.leaving || !(error instanceof WebAssembly.RuntimeError)) throw error;
    if (endsProcess(signal)) dieBySignal(thread, signal);
    // libc's default handler is a null pointer until the guest installs its first one (ABI §5.6).
    if (!NO_HANDLER.test(error.message)) throw error;
    // It had blocked signals, by a name that nothing exports, and could not undo that; nor take down its frame.
    thread.signalExport = name;
    if (isGlobal(pointer)) pointer.value = top;
    return false;
  } finally {
    thread.handling = before;
    thread.vectors.restore(buffers);
  }
}

/** The handler is guest code: while it runs the thread counts as outside of a host call. */
function runHandler(thread: GuestThread, name: string, signal: number): void {
  thread.exitCall();
  try {
    thread.callExport(name, signal);
  } finally {
    // An exception of the guest passes through the call that it interrupted, which may have locks to take on its way.
    thread.enterHost();
  }
  if (thread.ending) thread.leave();
}
