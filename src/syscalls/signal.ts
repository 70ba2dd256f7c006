/** Signals (ABI §2.8, §5.6). */
import { Errno } from '../abi/errno.js';
import { Disposition } from '../abi/process.js';
import { isSignal } from '../abi/signal.js';
import { signalDisposition } from '../abi/structs.js';
import { freeText, storeText } from '../kernel/memory/text.js';
import { PROCESS } from '../kernel/processes/process-record.js';
import { findProcess } from '../kernel/processes/process-table.js';
import { deliverSignals, postSignal, senderOf } from '../kernel/signals/delivery.js';
import { hasHandler, isIgnored, signalFound } from '../kernel/signals/post.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';

/** Signals are 1 to this (ABI §3.4). */
const MOST_SIGNALS = 31;

/** The first name that is registered is the one that threads started later begin with (ABI §2.8). */
function rememberHandler(thread: GuestThread, name: string): void {
  if (hasHandler(thread.kernel, thread.process)) return;
  const { kernel, owner } = thread;
  const text = storeText(kernel, name, owner);
  const before = Atomics.compareExchange(kernel.words, thread.process + PROCESS.SIGNAL_EXPORT, 0, text);
  if (before !== 0) freeText(kernel, text, owner);
}

/** Sends a signal to the process `pid`; the caller's own are delivered at once. SRCH when there is no such process. */
function send(thread: GuestThread, pid: number, signal: number): Errno {
  if (signal !== 0 && !isSignal(signal)) return Errno.INVAL;
  const find = () => findProcess(thread.kernel, pid);
  if (signal === 0) return find() === 0 ? Errno.SRCH : Errno.SUCCESS;
  if (!signalFound(senderOf(thread), find, signal)) return Errno.SRCH;
  if (thread.ending) thread.leave();
  deliverSignals(thread);
  return Errno.SUCCESS;
}

/** The signals that the parent had this process ignore. */
function ignoredSignals({ kernel, process }: GuestThread): number[] {
  const signals = Array.from({ length: MOST_SIGNALS }, (_, i) => i + 1);
  return signals.filter((signal) => isIgnored(kernel, process, signal));
}

export const signalHandlers: Handlers<
  'callback_signal' | 'proc_raise' | 'proc_signal' | 'proc_signals_get' | 'proc_signals_sizes_get'
> = {
  callback_signal(thread, name, length) {
    thread.signalExport = thread.memory.string(name, length);
    rememberHandler(thread, thread.signalExport);
    deliverSignals(thread);
  },

  /** To the calling thread, as `raise` of POSIX: the handler has run when the call answers (ABI §2.8). */
  proc_raise(thread, signal) {
    if (signal !== 0 && !isSignal(signal)) return Errno.INVAL;
    if (signal !== 0) postSignal(thread, () => thread.record, signal);
    deliverSignals(thread);
    return Errno.SUCCESS;
  },

  /** Signal 0 asks whether the process exists; one that is over and not yet waited for does. */
  proc_signal: (thread, pid, signal) => send(thread, pid, signal),

  /** Dispositions are inherited from the process that spawned this one; only ignored signals are listed. */
  proc_signals_sizes_get(thread, count) {
    thread.memory.setU32(count, ignoredSignals(thread).length);
    return Errno.SUCCESS;
  },

  proc_signals_get(thread, buffer) {
    const { memory } = thread;
    const signals = ignoredSignals(thread);
    const start = memory.span(buffer, signals.length * signalDisposition.size);
    signals.forEach((signal, i) => {
      const at = start + i * signalDisposition.size;
      memory.setU8(at + signalDisposition.at.signal, signal);
      memory.setU8(at + signalDisposition.at.disposition, Disposition.IGNORE);
    });
    return Errno.SUCCESS;
  },
};
