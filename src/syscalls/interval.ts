/** Interval timers (ABI §2.8): signals to the own process after a time, once or again and again. */
import { Errno } from '../abi/errno.js';
import { isSignal } from '../abi/signal.js';
import { itimerval } from '../abi/structs.js';
import { fail } from '../kernel/failure.js';
import { setTimer, type TimerSetting } from '../kernel/signals/interval-timers.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';

const US_PER_S = 1_000_000n;
const NS_PER_US = 1000n;
/** Some 146 years; what is longer is cut to that. */
const MOST_NS = 1n << 62n;

/** Sets a timer and tells the host, which keeps the time. */
function change(thread: GuestThread, signal: number, setting: TimerSetting): TimerSetting {
  const { kernel, process, owner } = thread;
  const before = setTimer(kernel, process, owner, signal, setting);
  if (setting.left !== 0n || before.left !== 0n) thread.view.link.post({ type: 'timers', process });
  return before;
}

function cut(nanoseconds: bigint): bigint {
  return nanoseconds < MOST_NS ? nanoseconds : MOST_NS;
}

/** Nanoseconds of a timeval; INVAL for microseconds of a second or more, and for times before now. */
function readTime({ memory }: GuestThread, at: number): bigint {
  const seconds = BigInt.asIntN(64, memory.getU64(at));
  const microseconds = memory.getU64(at + 8);
  if (seconds < 0n || microseconds >= US_PER_S) fail(Errno.INVAL);
  return cut((seconds * US_PER_S + microseconds) * NS_PER_US);
}

/** Rounded up: a timer that is set has something left. */
function writeTime({ memory }: GuestThread, at: number, nanoseconds: bigint): void {
  const microseconds = (nanoseconds + NS_PER_US - 1n) / NS_PER_US;
  memory.setU64(at, microseconds / US_PER_S);
  memory.setU64(at + 8, microseconds % US_PER_S);
}

export const intervalHandlers: Handlers<'proc_raise_interval' | 'proc_raise_interval2'> = {
  /** Nanoseconds, as libc passes them; 0 takes the timer back. */
  proc_raise_interval(thread, signal, interval, repeat) {
    if (!isSignal(signal)) return Errno.INVAL;
    const left = cut(BigInt.asUintN(64, interval));
    change(thread, signal, { left, interval: (repeat & 0xff) === 0 ? 0n : left });
    return Errno.SUCCESS;
  },

  /** As `setitimer`: a first time of 0 takes the timer back. */
  proc_raise_interval2(thread, signal, newValue, oldValue) {
    const { memory } = thread;
    if (!isSignal(signal)) return Errno.INVAL;
    const from = memory.span(newValue, itimerval.size);
    const left = readTime(thread, from + itimerval.at.value);
    const interval = readTime(thread, from + itimerval.at.interval);
    const to = oldValue === 0 ? 0 : memory.span(oldValue, itimerval.size);
    const before = change(thread, signal, { left, interval });
    if (oldValue === 0) return Errno.SUCCESS;
    writeTime(thread, to + itimerval.at.value, before.left);
    writeTime(thread, to + itimerval.at.interval, before.interval);
    return Errno.SUCCESS;
  },
};
