/**
 * Interval timers (`proc_raise_interval`, ABI §2.8): one for each signal number of a process, a block of words that the
 * process gets with its first one. The calls change the words and tell the host, whose event loop keeps the time and
 * sends the signals (runtime/host/interval-timers.ts). All under the lock of the process table.
 *
 * A timer, at (signal − 1) · 4:
 *   0…1 DUE       when it expires next, nanoseconds of the system's monotonic clock, low and high word; 0 for not set
 *   2…3 INTERVAL  nanoseconds from then on; 0 for a timer that expires once
 */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { PROCESS, ProcessState } from '../processes/process-record.js';
import { withProcesses } from '../processes/process-table.js';
import { beginSignal, type Sender } from './post.js';

const TIMERS = 31;
const TIMER_WORDS = 4;
const DUE = 0;
const INTERVAL = 2;

/** How a timer is set, in nanoseconds. */
export interface TimerSetting {
  /** Until it expires; 0 when it is not set. */
  readonly left: bigint;
  /** Between expirations after that; 0 for none. */
  readonly interval: bigint;
}

const NOT_SET: TimerSetting = { left: 0n, interval: 0n };

/** Sets the timer of `signal`, or takes it back with `left` 0; answers how it was set. */
export function setTimer(
  kernel: KernelMemory,
  process: number,
  owner: number,
  signal: number,
  { left, interval }: TimerSetting,
): TimerSetting {
  return withProcesses(kernel, owner, () => {
    const timers = timersOf(kernel, process, owner, left !== 0n);
    if (timers === 0) return NOT_SET;
    const timer = timers + (signal - 1) * TIMER_WORDS;
    const now = monotonic();
    const before = settingOf(kernel, timer, now);
    store(kernel, timer + DUE, left === 0n ? 0n : now + left);
    store(kernel, timer + INTERVAL, left === 0n ? 0n : interval);
    return before;
  });
}

/** A timer that is due, and that the host has not come to yet, has no less than a nanosecond left. */
function settingOf(kernel: KernelMemory, timer: number, now: bigint): TimerSetting {
  const due = load(kernel, timer + DUE);
  if (due === 0n) return NOT_SET;
  return { left: due > now ? due - now : 1n, interval: load(kernel, timer + INTERVAL) };
}

/**
 * Sends the signals of the timers of `process` that have expired. One that was missed several times has expired once,
 * and goes on in step with its start: a delay now does not delay the next. None comes after its timer was taken back.
 * @returns when the next expires, nanoseconds of the system's monotonic clock; undefined when none is set
 */
export function sendExpired(sender: Sender, process: number): bigint | undefined {
  const { kernel, owner } = sender;
  const wakes: (() => void)[] = [];
  const next = withProcesses(kernel, owner, () => {
    const live = Atomics.load(kernel.words, process + PROCESS.STATE) === ProcessState.LIVE;
    const timers = live ? timersOf(kernel, process, owner, false) : 0;
    if (timers === 0) return undefined;
    const now = monotonic();
    let earliest: bigint | undefined;
    for (let signal = 1; signal <= TIMERS; signal++) {
      const timer = timers + (signal - 1) * TIMER_WORDS;
      if (expire(kernel, timer, now)) wakes.push(beginSignal(sender, process, signal));
      const due = load(kernel, timer + DUE);
      if (due !== 0n && (earliest === undefined || due < earliest)) earliest = due;
    }
    return earliest;
  });
  for (const wake of wakes) wake();
  return next;
}

/** Whether the timer has expired, which is then set for its next time. */
function expire(kernel: KernelMemory, timer: number, now: bigint): boolean {
  const due = load(kernel, timer + DUE);
  if (due === 0n || due > now) return false;
  store(kernel, timer + DUE, dueAfter(due, load(kernel, timer + INTERVAL), now));
  return true;
}

function dueAfter(due: bigint, interval: bigint, now: bigint): bigint {
  return interval === 0n ? 0n : due + interval * ((now - due) / interval + 1n);
}

/** Frees the timers of a process that is over. */
export function dropTimers(kernel: KernelMemory, process: number, owner: number): void {
  withProcesses(kernel, owner, () => {
    const timers = Atomics.exchange(kernel.words, process + PROCESS.TIMERS, 0);
    if (timers !== 0) kernel.free(timers, TIMERS * TIMER_WORDS, owner);
  });
}

/** The process's block, made when it is `wanted`; else 0 while there is none. The caller holds the table. */
function timersOf(kernel: KernelMemory, process: number, owner: number, wanted: boolean): number {
  const size = TIMERS * TIMER_WORDS;
  const known = kernel.words[process + PROCESS.TIMERS]!;
  if (known === 0 && !wanted) return 0;
  const timers = known === 0 ? kernel.allocate(size, owner) : known;
  kernel.reach(timers, size);
  kernel.words[process + PROCESS.TIMERS] = timers;
  return timers;
}

/** The same in every thread, unlike `performance.now()`. */
export function monotonic(): bigint {
  return process.hrtime.bigint();
}

function load({ words }: KernelMemory, at: number): bigint {
  return (BigInt(words[at + 1]!) << 32n) | BigInt(words[at]! >>> 0);
}

function store({ words }: KernelMemory, at: number, value: bigint): void {
  words[at] = Number(BigInt.asIntN(32, value));
  words[at + 1] = Number(BigInt.asIntN(32, value >> 32n));
}
