/**
 * The guest's clocks (ABI §2.1), as (seconds, nanoseconds) pairs: 64-bit nanoseconds do not fit a double, and hot
 * calls make no BigInt.
 *
 * The monotonic clock is the system's, so all threads agree on it. The realtime clock is the monotonic one plus an
 * offset taken from `Date.now`, checked at every reading: it has nanosecond steps and follows when the host's
 * clock is set.
 */
import { ClockId } from '../abi/clock-id.js';
import { Errno } from '../abi/errno.js';
import { fail } from './failure.js';
import { PROCESS } from './processes/process-record.js';
import type { GuestThread } from './threads/guest-thread.js';

const BILLION = 1_000_000_000;
/** `Date.now` counts whole milliseconds, so a difference below this is no clock change. */
const DRIFT_NS = 2_000_000;

/** Realtime minus monotonic, nanoseconds; NaN until first used. */
let realtimeOffset = Number.NaN;

/** A point in time or a duration. */
export interface TimeParts {
  seconds: number;
  nanoseconds: number;
}

const parts: TimeParts = { seconds: 0, nanoseconds: 0 };

function setParts(seconds: number, nanoseconds: number): TimeParts {
  const carry = Math.floor(nanoseconds / BILLION);
  parts.seconds = seconds + carry;
  parts.nanoseconds = nanoseconds - carry * BILLION;
  return parts;
}

function realtime(seconds: number, nanoseconds: number): TimeParts {
  const monotonic = seconds * BILLION + nanoseconds;
  const wall = Date.now() * 1e6;
  const drift = wall - (monotonic + realtimeOffset);
  if (!(drift > -DRIFT_NS && drift < DRIFT_NS)) realtimeOffset = wall - monotonic;
  const offsetSeconds = Math.floor(realtimeOffset / BILLION);
  return setParts(
    seconds + offsetSeconds,
    nanoseconds + Math.round(realtimeOffset - offsetSeconds * BILLION),
  );
}

/** Node 24 and later count the time of one thread; before, the process's stands in for it. */
const threadUsage =
  'threadCpuUsage' in process ? (process.threadCpuUsage as typeof process.cpuUsage) : undefined;

function cpuTime(thread: boolean): TimeParts {
  const usage = thread && threadUsage ? threadUsage.call(process) : process.cpuUsage();
  const micros = usage.user + usage.system;
  return setParts(Math.floor(micros / 1e6), (micros % 1e6) * 1000);
}

/** The host's reading of clock `id`. The object is reused by the next call. INVAL for an unknown clock. */
export function readHostClock(id: number): TimeParts {
  if (id === ClockId.PROCESS_CPUTIME || id === ClockId.THREAD_CPUTIME)
    return cpuTime(id === ClockId.THREAD_CPUTIME);
  if (id !== ClockId.REALTIME && id !== ClockId.MONOTONIC) return fail(Errno.INVAL);
  const [seconds, nanoseconds] = process.hrtime();
  return id === ClockId.REALTIME ? realtime(seconds, nanoseconds) : setParts(seconds, nanoseconds);
}

/** Word of the process record that holds the offset of clock `id`, which `clock_time_set` stores; 0 for none. */
function offsetWord(thread: GuestThread, id: number): number {
  if (id === ClockId.REALTIME) return thread.process + PROCESS.REALTIME_OFFSET;
  return id === ClockId.MONOTONIC ? thread.process + PROCESS.MONOTONIC_OFFSET : 0;
}

/** The process's reading of clock `id`: the host's plus what the guest has set. */
export function readClock(thread: GuestThread, id: number): TimeParts {
  const time = readHostClock(id);
  const word = offsetWord(thread, id);
  if (word === 0) return time;
  const seconds = thread.kernel.words[word]!;
  const nanoseconds = thread.kernel.words[word + 1]!;
  if (seconds === 0 && nanoseconds === 0) return time;
  return setParts(time.seconds + seconds, time.nanoseconds + nanoseconds);
}

/** Sets the process's clock `id` to `time` nanoseconds; never the host's. */
export function setClock(thread: GuestThread, id: number, time: bigint): void {
  const word = offsetWord(thread, id);
  if (word === 0) fail(Errno.INVAL);
  const now = readHostClock(id);
  const seconds = Number(time / BigInt(BILLION)) - now.seconds;
  const nanoseconds = Number(time % BigInt(BILLION)) - now.nanoseconds;
  if (seconds !== (seconds | 0)) fail(Errno.INVAL);
  Atomics.store(thread.kernel.words, word, seconds);
  Atomics.store(thread.kernel.words, word + 1, nanoseconds);
}

/** Writes `time` as a u64 of nanoseconds at `pointer`. */
export function writeTime(thread: GuestThread, pointer: number, time: TimeParts): void {
  // seconds * 10^9 + nanoseconds, in 32-bit halves: the product of the low 22 bits stays below 2^53.
  const high = Math.floor(time.seconds / 0x40_0000);
  const low = time.seconds - high * 0x40_0000;
  const lowProduct = low * BILLION + time.nanoseconds;
  const highProduct = high * BILLION;
  const middle = highProduct * 0x40_0000;
  const carry = Math.floor(lowProduct / 0x1_0000_0000) + Math.floor(highProduct / 0x400);
  const bottom = (lowProduct % 0x1_0000_0000) + (middle % 0x1_0000_0000);
  const overflow = bottom >= 0x1_0000_0000 ? 1 : 0;
  thread.memory.setU64Halves(pointer, bottom >>> 0, (carry + overflow) >>> 0);
}

/** Milliseconds on the `performance.now` scale at which a wait of `nanoseconds` is over. */
export function deadlineAfter(nanoseconds: bigint): number {
  return performance.now() + Number(nanoseconds) / 1e6;
}

/** Milliseconds on the `performance.now` scale at which the process's clock `id` shows `time` nanoseconds. */
export function deadlineAt(thread: GuestThread, id: number, time: bigint): number {
  const now = readClock(thread, id);
  const left = time - (BigInt(now.seconds) * BigInt(BILLION) + BigInt(now.nanoseconds));
  return performance.now() + Number(left) / 1e6;
}
