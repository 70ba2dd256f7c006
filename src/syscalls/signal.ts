/** Signals (ABI §2.8, §5.6). */
import { Errno } from '../abi/errno.js';
import { isSignal, Signal } from '../abi/signal.js';
import { storeText } from '../kernel/memory/text.js';
import { dieBySignal } from '../kernel/processes/end.js';
import { PROCESS } from '../kernel/processes/process-record.js';
import { deliverSignals, endsProcess, postSignal } from '../kernel/signals/delivery.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { findThread } from '../kernel/threads/thread-record.js';
import type { Handlers } from './handler.js';

function hasHandler(thread: GuestThread): boolean {
  return Atomics.load(thread.kernel.words, thread.process + PROCESS.SIGNAL_EXPORT) !== 0;
}

/** The first name that is registered is the one that threads started later begin with (ABI §2.8). */
function rememberHandler(thread: GuestThread, name: string): void {
  if (hasHandler(thread)) return;
  const text = storeText(thread.kernel, name, thread.owner);
  Atomics.compareExchange(thread.kernel.words, thread.process + PROCESS.SIGNAL_EXPORT, 0, text);
}

/** A signal to the process goes to its main thread, if that still lives; the caller's own are delivered at once. */
function raise(thread: GuestThread, signal: number): Errno {
  if (signal === 0) return Errno.SUCCESS;
  if (!isSignal(signal)) return Errno.INVAL;
  if (signal === Signal.KILL) dieBySignal(thread, signal);
  if (!hasHandler(thread) && endsProcess(signal)) dieBySignal(thread, signal);
  const main = findThread(thread.kernel, thread.process, thread.kernel.words[thread.process + PROCESS.PID]!);
  postSignal(thread, main === 0 ? thread.record : main, signal);
  deliverSignals(thread);
  return Errno.SUCCESS;
}

export const signalHandlers: Handlers<
  'callback_signal' | 'proc_raise' | 'proc_signal' | 'proc_signals_get' | 'proc_signals_sizes_get'
> = {
  callback_signal(thread, name, length) {
    thread.signalExport = thread.memory.string(name, length);
    rememberHandler(thread, thread.signalExport);
    deliverSignals(thread);
  },

  proc_raise: (thread, signal) => raise(thread, signal),

  /** Signal 0 asks whether the process exists. There is one process as yet: the caller's own. */
  proc_signal(thread, pid, signal) {
    if (signal !== 0 && !isSignal(signal)) return Errno.INVAL;
    if (pid !== thread.kernel.words[thread.process + PROCESS.PID]) return Errno.SRCH;
    return raise(thread, signal);
  },

  /** Dispositions are inherited from the process that spawned this one; the first process inherits none. */
  proc_signals_sizes_get(thread, count) {
    thread.memory.setU32(count, 0);
    return Errno.SUCCESS;
  },

  proc_signals_get(thread, buffer) {
    thread.memory.span(buffer, 0);
    return Errno.SUCCESS;
  },
};
