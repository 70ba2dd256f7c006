/**
 * The terminal of a run (ABI §2.11, §3.11): one for all its processes. Only the host thread reaches it; guest threads
 * read what the host has found out, and ask the host for changes.
 *
 * A block of 8 words, at HEADER.TERMINAL, where 0 means that no standard stream of the run is on a terminal. Written
 * by the host, read by guest threads (Atomics):
 *   0 STREAMS     which standard streams are on it: bit n for descriptor n   (set once)
 *   1 KNOWN       1 once the host has looked at the terminal, which it does when the first call asks
 *   2 SIZE        columns in the low half, rows in the high half
 *   3 PIXELS      width and height, likewise
 *   4 FORMER_SIZE the SIZE that a guest may still hand back, after the window has changed; else SIZE
 *   5 MODES       bits of TerminalMode
 *
 * A call to the host uses a block of 3 words: 0 ANSWER (0 while the thread waits, then an errno + 1), 1…2 its queue.
 */
import type { Errno } from '../abi/errno.js';
import { HEADER, type KernelMemory } from './memory/kernel-memory.js';
import { HOST_OWNER } from './memory/lock.js';
import { wakeAll } from './threads/wait-queue.js';

export const TERMINAL = {
  STREAMS: 0,
  KNOWN: 1,
  SIZE: 2,
  PIXELS: 3,
  FORMER_SIZE: 4,
  MODES: 5,
  WORDS: 8,
} as const;

export const TERMINAL_CALL = { ANSWER: 0, QUEUE: 1, WORDS: 3 } as const;

/** Echo of what is typed, input by whole lines, and `line_feeds`, which is kept for the guest but does nothing. */
export const TerminalMode = { ECHO: 1, LINES: 2, LINE_FEEDS: 4 } as const;

/** Most columns, rows and pixels, as in the `winsize` of Unix. */
const MOST = 0xffff;

/** Two measures in one word, so that no thread sees one of them without the other. */
export function pack(low: number, high: number): number {
  return Math.min(low, MOST) | (Math.min(high, MOST) << 16);
}

export const lowHalf = (word: number): number => word & MOST;
export const highHalf = (word: number): number => word >>> 16;

/** Makes the block; `streams` as in STREAMS, not 0. The host's call, before any guest thread runs. */
export function createTerminal(kernel: KernelMemory, streams: number): number {
  const terminal = kernel.allocate(TERMINAL.WORDS, HOST_OWNER);
  kernel.reach(terminal, TERMINAL.WORDS);
  kernel.words[terminal + TERMINAL.STREAMS] = streams;
  kernel.words[HEADER.TERMINAL] = terminal;
  return terminal;
}

/** The block of the run's terminal, 0 for none. */
export function terminalOf(kernel: KernelMemory): number {
  const terminal = kernel.words[HEADER.TERMINAL]!;
  if (terminal !== 0) kernel.reach(terminal, TERMINAL.WORDS);
  return terminal;
}

/** Answers the thread that waits in block `call`; the host's call. */
export function answerTerminalCall(kernel: KernelMemory, call: number, errno: Errno): void {
  kernel.reach(call, TERMINAL_CALL.WORDS);
  Atomics.store(kernel.words, call + TERMINAL_CALL.ANSWER, errno + 1);
  wakeAll(kernel, call + TERMINAL_CALL.QUEUE, HOST_OWNER);
}
