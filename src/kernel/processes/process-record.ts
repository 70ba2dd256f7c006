/**
 * The table of guest processes of a run: one record of 32 words each, at HEADER.PROCESSES.
 *
 *   0 STATE        free or live
 *   1 PID          (ABI §4.2)
 *   2 PARENT       pid of the parent, 0 for the first
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
  WORDS: 32,
} as const;

export const ProcessState = { FREE: 0, LIVE: 1 } as const;

/** How a process ended; the value beside it is the code (EXIT) or the signal (SIGNAL). */
export const EndKind = { EXIT: 1, SIGNAL: 2, TRAP: 3, TIMEOUT: 4, FAULT: 5 } as const;
export type EndKind = (typeof EndKind)[keyof typeof EndKind];

export function processAt(kernel: KernelMemory, index: number): number {
  return kernel.words[HEADER.PROCESSES]! + index * PROCESS.WORDS;
}

/** True once the process is to end: every thread leaves at its next host call. */
export function isEnding(kernel: KernelMemory, process: number): boolean {
  return Atomics.load(kernel.words, process + PROCESS.END) !== 0;
}

/**
 * Decides the end of the process: the first caller wins, and its cause is what the run reports.
 * @returns whether this call was the first.
 */
export function claimEnd(
  kernel: KernelMemory,
  process: number,
  owner: number,
  cause: { kind: EndKind; value: number; tid: number },
): boolean {
  const { words } = kernel;
  if (Atomics.compareExchange(words, process + PROCESS.END, 0, owner) !== 0) return false;
  words[process + PROCESS.END_VALUE] = cause.value;
  words[process + PROCESS.END_TID] = cause.tid;
  Atomics.store(words, process + PROCESS.END_KIND, cause.kind);
  return true;
}
