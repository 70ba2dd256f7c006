/**
 * The guest's clocks (ABI §2.1), in nanoseconds.
 *
 * The monotonic clock is the system's, so all threads agree on it. The realtime clock is the monotonic one plus an
 * offset taken from `Date.now`, looked at again every millisecond: it has nanosecond steps and follows when the host's
 * clock is set.
 */
import { ClockId } from '../abi/clock-id.js';
import { Errno } from '../abi/errno.js';
import { fail } from './failure.js';
import { PROCESS } from './processes/process-record.js';
import type { GuestThread } from './threads/guest-thread.js';

/** Looked up once: `process` is a getter, which costs a call each time. */
const monotonicNanoseconds = process.hrtime.bigint;

const MILLISECOND = 1_000_000n;
/** `Date.now` counts whole milliseconds, so a difference below this is no clock change. */
const DRIFT = 2n * MILLISECOND;

/** Realtime minus monotonic as last seen, and the monotonic time from which on it is looked at again. */
let realtimeOffset = 0n;
let nextLook = 0n;

function realtime(): bigint {
  const monotonic = monotonicNanoseconds();
  if (monotonic >= nextLook) {
    const offset = BigInt(Date.now()) * MILLISECOND - monotonic;
    const drift = offset - realtimeOffset;
    if (drift > DRIFT || drift < -DRIFT) realtimeOffset = offset;
    nextLook = monotonic + MILLISECOND;
  }
  return monotonic + realtimeOffset;
}

/** Node 24 and later count the time of one thread; before, the process's stands in for it. */
const threadUsage =
  'threadCpuUsage' in process ? (process.threadCpuUsage as typeof process.cpuUsage) : undefined;

function cpuTime(usage: NodeJS.CpuUsage): bigint {
  return BigInt(usage.user + usage.system) * 1000n;
}

/** The host's reading of clock `id`; INVAL for an unknown clock. */
export function readHostClock(id: number): bigint {
  switch (id) {
    case ClockId.REALTIME:
      return realtime();
    case ClockId.MONOTONIC:
      return monotonicNanoseconds();
    case ClockId.PROCESS_CPUTIME:
      return cpuTime(process.cpuUsage());
    case ClockId.THREAD_CPUTIME:
      return cpuTime(threadUsage ? threadUsage.call(process) : process.cpuUsage());
    default:
      return fail(Errno.INVAL);
  }
}

/** Word of the process record that holds the offset of clock `id`, which `clock_time_set` stores; 0 for none. */
function offsetWord(thread: GuestThread, id: number): number {
  if (id === ClockId.REALTIME) return thread.process + PROCESS.REALTIME_OFFSET;
  return id === ClockId.MONOTONIC ? thread.process + PROCESS.MONOTONIC_OFFSET : 0;
}

/** Whether the guest has set clock `id`. */
function isSet(thread: GuestThread, id: number): boolean {
  const { words } = thread.kernel;
  const word = offsetWord(thread, id);
  return word !== 0 && (words[word]! | words[word + 1]!) !== 0;
}

/** The offset at `word` as one number of 64 bits, so that no thread sees one half of it without the other. */
function offsetAt({ kernel }: GuestThread, word: number): BigInt64Array {
  return new BigInt64Array(kernel.words.buffer, word * 4, 1);
}

/** The process's reading of clock `id`: the host's plus what the guest has set. */
export function readClock(thread: GuestThread, id: number): bigint {
  const time = readHostClock(id);
  return isSet(thread, id) ? time + Atomics.load(offsetAt(thread, offsetWord(thread, id)), 0) : time;
}

/** Writes the reading of clock `id` as a u64 at `pointer`. */
export function writeClock(thread: GuestThread, id: number, pointer: number): void {
  const at = thread.memory.span(pointer, 8);
  thread.memory.setU64(at, BigInt.asUintN(64, readClock(thread, id)));
}

/**
 * The same where it is a matter of a few instructions: the monotonic clock, which the guest has not set, at an aligned
 * address of the memory as this thread knows it. Does nothing anywhere else, and answers whether it did it.
 */
export function writeMonotonicClock(thread: GuestThread, pointer: number): boolean {
  const { longs } = thread.memory;
  const at = (pointer >>> 0) / 8;
  if ((pointer & 7) !== 0 || at >= longs.length || isSet(thread, ClockId.MONOTONIC)) return false;
  // The engine keeps a number that is made and stored here off the heap.
  longs[at] = monotonicNanoseconds();
  return true;
}

/** Sets the process's clock `id` to `time` nanoseconds; never the host's. */
export function setClock(thread: GuestThread, id: number, time: bigint): void {
  const word = offsetWord(thread, id);
  if (word === 0) fail(Errno.INVAL);
  Atomics.store(offsetAt(thread, word), 0, time - readHostClock(id));
}

/** Milliseconds since some moment; unlike `performance`, it does not have Node load a module at its first use. */
export function stopwatch(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** Milliseconds on the `performance.now` scale at which a wait of `nanoseconds` is over. */
export function deadlineAfter(nanoseconds: bigint): number {
  return performance.now() + Number(nanoseconds) / 1e6;
}

/** Milliseconds on the `performance.now` scale at which the process's clock `id` shows `time` nanoseconds. */
export function deadlineAt(thread: GuestThread, id: number, time: bigint): number {
  return performance.now() + Number(time - readClock(thread, id)) / 1e6;
}
