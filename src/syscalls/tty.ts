/** The terminal (ABI §2.11). */
import { Errno } from '../abi/errno.js';
import { tty } from '../abi/structs.js';
import type { TerminalChange } from '../kernel/host-link.js';
import type { GuestMemory } from '../kernel/memory/guest-memory.js';
import {
  highHalf,
  lowHalf,
  pack,
  TERMINAL,
  TERMINAL_CALL,
  TerminalMode,
  terminalOf,
} from '../kernel/terminal.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { WaitKind } from '../kernel/threads/thread-words.js';
import { waitUntil } from '../kernel/threads/waiting.js';
import type { Handlers } from './handler.js';

/** Has the host look at the terminal, or change it, and waits for its answer. */
function askHost(thread: GuestThread, change: TerminalChange | undefined): Errno {
  const { kernel, owner } = thread;
  const call = kernel.allocate(TERMINAL_CALL.WORDS, owner);
  kernel.reach(call, TERMINAL_CALL.WORDS);
  thread.view.link.post({ type: 'terminal', change, call });
  const answered = () => Atomics.load(kernel.words, call + TERMINAL_CALL.ANSWER) !== 0;
  // The block is not given back if the process ends meanwhile: the host may still write the answer.
  waitUntil(thread, WaitKind.HOST, [call + TERMINAL_CALL.QUEUE], answered, Number.POSITIVE_INFINITY);
  const errno = (Atomics.load(kernel.words, call + TERMINAL_CALL.ANSWER) - 1) as Errno;
  kernel.free(call, TERMINAL_CALL.WORDS, owner);
  return errno;
}

/** The run's terminal, after the host has looked at it; 0 for none. */
function knownTerminal(thread: GuestThread): number {
  const { kernel } = thread;
  const terminal = terminalOf(kernel);
  if (terminal !== 0 && Atomics.load(kernel.words, terminal + TERMINAL.KNOWN) === 0)
    askHost(thread, undefined);
  return terminal;
}

const word = ({ kernel }: GuestThread, terminal: number, index: number) =>
  Atomics.load(kernel.words, terminal + index);

/** Any byte but 0 is true: libc's TIOCSWINSZ passes what its stack holds (ABI §2.11). */
function readModes(memory: GuestMemory, at: number): number {
  return (
    (memory.getU8(at + tty.at.echo) !== 0 ? TerminalMode.ECHO : 0) |
    (memory.getU8(at + tty.at.lineBuffered) !== 0 ? TerminalMode.LINES : 0) |
    (memory.getU8(at + tty.at.lineFeeds) !== 0 ? TerminalMode.LINE_FEEDS : 0)
  );
}

/** Whether the struct says of the standard streams what `tty_get` does, as one that was got and then changed. */
function isWhole(memory: GuestMemory, at: number, streams: number): boolean {
  const said = [tty.at.stdinTty, tty.at.stdoutTty, tty.at.stderrTty].map((offset) =>
    memory.getU8(at + offset),
  );
  return said.every((byte, fd) => byte === ((streams >> fd) & 1));
}

/**
 * What the guest's struct changes. A size that is the present one, or was until the window changed a moment ago, is
 * only handed back. With a new size the modes count only if they were got before: libc's TIOCSWINSZ leaves them to chance.
 */
function changeOf(thread: GuestThread, terminal: number, at: number): TerminalChange {
  const { memory } = thread;
  const columns = memory.getU32(at + tty.at.cols);
  const rows = memory.getU32(at + tty.at.rows);
  const size = pack(columns, rows);
  const known = [TERMINAL.SIZE, TERMINAL.FORMER_SIZE].some((index) => word(thread, terminal, index) === size);
  const resizes = columns > 0 && rows > 0 && !known;
  const pixels = pack(memory.getU32(at + tty.at.width), memory.getU32(at + tty.at.height));
  const modes = readModes(memory, at);
  const means = !resizes || isWhole(memory, at, word(thread, terminal, TERMINAL.STREAMS));
  return {
    modes: means && modes !== word(thread, terminal, TERMINAL.MODES) ? modes : undefined,
    window: resizes ? { size, pixels } : undefined,
  };
}

export const ttyHandlers: Handlers<'tty_get' | 'tty_set'> = {
  tty_get(thread, state) {
    const { memory } = thread;
    memory.span(state, tty.size);
    const terminal = knownTerminal(thread);
    if (terminal === 0) return Errno.NOTSUP;
    const at = memory.span(state, tty.size);
    const streams = word(thread, terminal, TERMINAL.STREAMS);
    const size = word(thread, terminal, TERMINAL.SIZE);
    const pixels = word(thread, terminal, TERMINAL.PIXELS);
    const modes = word(thread, terminal, TERMINAL.MODES);
    memory.clear(at, tty.size);
    memory.setU32(at + tty.at.cols, lowHalf(size));
    memory.setU32(at + tty.at.rows, highHalf(size));
    memory.setU32(at + tty.at.width, lowHalf(pixels));
    memory.setU32(at + tty.at.height, highHalf(pixels));
    memory.setU8(at + tty.at.stdinTty, streams & 1);
    memory.setU8(at + tty.at.stdoutTty, (streams >> 1) & 1);
    memory.setU8(at + tty.at.stderrTty, (streams >> 2) & 1);
    memory.setU8(at + tty.at.echo, Number((modes & TerminalMode.ECHO) !== 0));
    memory.setU8(at + tty.at.lineBuffered, Number((modes & TerminalMode.LINES) !== 0));
    memory.setU8(at + tty.at.lineFeeds, Number((modes & TerminalMode.LINE_FEEDS) !== 0));
    return Errno.SUCCESS;
  },

  tty_set(thread, state) {
    const { memory } = thread;
    memory.span(state, tty.size);
    const terminal = knownTerminal(thread);
    if (terminal === 0) return Errno.NOTSUP;
    const change = changeOf(thread, terminal, memory.span(state, tty.size));
    if (change.modes === undefined && change.window === undefined) return Errno.SUCCESS;
    return askHost(thread, change);
  },
};
