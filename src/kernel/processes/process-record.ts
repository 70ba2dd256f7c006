/**
 * The table of guest processes of a run: one record of 48 words each, at HEADER.PROCESSES.
 *
 *   0 STATE        ProcessState: free, live, or over and waited for by its parent
 *   1 PID          (ABI §4.2)
 *   2 PARENT       pid of the parent; 0 for the first, and for one whose parent is over
 *   3 END          0 while it lives; then the owner number of who ended it: the first compareExchange wins
 *   4 END_KIND     how it ended (EndKind); 5 END_VALUE its code or signal; 6 END_TID the thread that caused it;
 *                  written by the winner before it tells the host
 *   7 LIVE         threads that have been accepted and are not over; 8 LIVE_LIMIT the most of them
 *   9 SPAWN_LOCK   makes ids and starts follow the order of the spawns
 *  10 FD_LOCK      guards changes of the descriptor table; readers take no lock (descriptors/table.ts)
 *  11 FD_TABLE     its block; 12 FD_CAPACITY its entries; 13 FD_LIMIT the most it may have
 *  14 CWD          text block with the working directory, 0 when there is none; 15 CWD_LOCK guards it
 *  16…17           realtime offset of `clock_time_set`, nanoseconds, low and high word; 18…19 monotonic
 *  20 PEAK_LIVE    most threads alive at once; 21 SPAWNED threads accepted
 *  22 REFUSED      spawns refused at the limit (the first one prints a line)
 *  23 SIGNAL_EXPORT text block with the first name given to `callback_signal`; further threads start with it
 *  24 MAIN_INSTANCE 1 once the main thread's instance is made: before, no other may be (the first gets the static TLS)
 *  25 SERIAL       names the program that the process runs among all of the run; `exec` gives it a new one
 *  26…27 CHILDREN  wait queue of the threads in `proc_join`, woken when a child is over; 28 is free
 *  29 IGNORED      signals that the parent had ignored, bit per signal number − 1
 *  30 PENDING      signals sent to the process that no thread has taken yet (signals/signal-set.ts)
 *  31 LATE_END     an end that came while `exec` replaced the program: its kind in the low byte, value above
 *  32 EXEC_THREAD  record of the thread that replaces the program, 0 for none
 *  33 TIMERS       block of interval timers, 0 before the first (signals/interval-timers.ts)
 */
import { HEADER, type KernelMemory } from '../memory/kernel-memory.js';

export const PROCESS = {
  STATE: 0,
  PID: 1,
  PARENT: 2,
  END: 3,
  END_KIND: 4,
  END_VALUE: 5,
  END_TID: 6,
  LIVE: 7,
  LIVE_LIMIT: 8,
  SPAWN_LOCK: 9,
  FD_LOCK: 10,
  FD_TABLE: 11,
  FD_CAPACITY: 12,
  FD_LIMIT: 13,
  CWD: 14,
  CWD_LOCK: 15,
  REALTIME_OFFSET: 16,
  MONOTONIC_OFFSET: 18,
  PEAK_LIVE: 20,
  SPAWNED: 21,
  REFUSED: 22,
  SIGNAL_EXPORT: 23,
  MAIN_INSTANCE: 24,
  SERIAL: 25,
  CHILDREN: 26,
  IGNORED: 29,
  PENDING: 30,
  LATE_END: 31,
  EXEC_THREAD: 32,
  TIMERS: 33,
  WORDS: 48,
} as const;

export const ProcessState = { FREE: 0, LIVE: 1, ZOMBIE: 2 } as const;

/**
 * How a process ended; the value beside it is the code (EXIT) or the signal (SIGNAL). EXEC is no end of the process,
 * but of its threads: one of them goes on with another program.
 */
export const EndKind = { EXIT: 1, SIGNAL: 2, TRAP: 3, TIMEOUT: 4, FAULT: 5, EXEC: 6 } as const;
export type EndKind = (typeof EndKind)[keyof typeof EndKind];

export function processAt(kernel: KernelMemory, index: number): number {
  return kernel.words[HEADER.PROCESSES]! + index * PROCESS.WORDS;
}

/** True once the process is to end: every thread leaves at its next host call. */
export function isEnding(kernel: KernelMemory, process: number): boolean {
  return Atomics.load(kernel.words, process + PROCESS.END) !== 0;
}

/** What ends a process: `tid` is the thread that caused it, 0 for the host. */
export interface EndCause {
  readonly kind: EndKind;
  readonly value: number;
  readonly tid: number;
}

/** Ends that come from outside of the process: they hold for the next program as well. */
const OUTER_ENDS: ReadonlySet<number> = new Set([EndKind.SIGNAL, EndKind.TIMEOUT, EndKind.FAULT]);

/**
 * Decides the end of the process: the first caller wins, and its cause is what the run reports. While the process is
 * being given another program, an end from outside is kept and takes effect as soon as that is done (`takeLateEnd`).
 * @returns whether this call was the first.
 */
export function claimEnd(kernel: KernelMemory, process: number, owner: number, cause: EndCause): boolean {
  const { words } = kernel;
  while (Atomics.compareExchange(words, process + PROCESS.END, 0, owner) !== 0) {
    if (Atomics.load(words, process + PROCESS.EXEC_THREAD) === 0 || !OUTER_ENDS.has(cause.kind)) return false;
    Atomics.store(words, process + PROCESS.LATE_END, (cause.value << 8) | cause.kind);
    // Either the exec, which clears END and then looks for a late end, sees this one; or it is over already.
    if (Atomics.load(words, process + PROCESS.END) !== 0) return false;
  }
  words[process + PROCESS.END_VALUE] = cause.value;
  words[process + PROCESS.END_TID] = cause.tid;
  Atomics.store(words, process + PROCESS.END_KIND, cause.kind);
  return true;
}

/** Takes the end that was decided while `exec` was at work, if there is one. */
export function takeLateEnd(
  kernel: KernelMemory,
  process: number,
): Pick<EndCause, 'kind' | 'value'> | undefined {
  const late = Atomics.exchange(kernel.words, process + PROCESS.LATE_END, 0);
  return late === 0 ? undefined : { kind: (late & 0xff) as EndKind, value: late >> 8 };
}
