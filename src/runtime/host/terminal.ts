/**
 * The host's side of a run's terminal (kernel/terminal.ts): finds out its size and modes, sets them for guests, follows
 * the window, and leaves the terminal as it was found, however the run or the host process ends.
 */
import type { WriteStream } from 'node:tty';
import { Errno } from '../../abi/errno.js';
import type { TerminalChange } from '../../kernel/host-link.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { answerTerminalCall, createTerminal, pack, TERMINAL, TerminalMode } from '../../kernel/terminal.js';
import { onProcessEvent } from './process-events.js';
import { askSize, type ModeControl, modeControl } from './terminal-modes.js';

/** Pixels of a character cell: the terminal tells none, and programs divide by what they get. */
const CELL = { width: 8, height: 16 };
/** Columns and rows of a terminal that tells none. */
const USUAL = [80, 24] as const;

/** The modes that the host's terminal has; `line_feeds` is the guest's alone. */
const REAL = TerminalMode.ECHO | TerminalMode.LINES;

/** How soon the process is stopped that has sent itself SIGTSTP; if it still runs then, it was not stopped at all. */
const STOP_MS = 20;

export class HostTerminal {
  readonly #kernel: KernelMemory;
  /** The block in kernel memory, 0 when there is no terminal. */
  readonly #block: number;
  readonly #terminals: readonly boolean[];
  readonly #onResize: () => void;
  #control: ModeControl | undefined;
  #initial = REAL;
  #leave: (() => void)[] = [];
  #forgetWindow: () => void = () => undefined;

  /** `terminals` tells which of 0, 1, 2 are terminals; `onResize` is called when the window has another size. */
  constructor(kernel: KernelMemory, terminals: readonly boolean[], onResize: () => void) {
    this.#kernel = kernel;
    this.#terminals = terminals;
    this.#onResize = onResize;
    const streams = [0, 1, 2].reduce((bits, fd) => bits | (terminals[fd] ? 1 << fd : 0), 0);
    this.#block = streams === 0 ? 0 : createTerminal(kernel, streams);
    if (this.#block === 0) return;
    // Node's own listener, which learns the new size, may come after this one.
    let following: NodeJS.Immediate | undefined;
    const forget = onProcessEvent('SIGWINCH', () => {
      following ??= setImmediate(() => {
        following = undefined;
        this.#follow();
      });
    });
    this.#forgetWindow = () => {
      forget();
      clearImmediate(following);
    };
  }

  /** Answers a guest thread that looks at the terminal or changes it. */
  serve({ change, call }: { readonly change: TerminalChange | undefined; readonly call: number }): void {
    answerTerminalCall(this.#kernel, call, this.#block === 0 ? Errno.NOTSUP : this.#perform(change));
  }

  /** Puts the terminal back into the state it was found in; at once, and without harm at any time. */
  restore(): void {
    if (this.#leave.length === 0) return;
    this.#control?.restore();
    this.#store(TERMINAL.MODES, this.#initial | (this.#load(TERMINAL.MODES) & ~REAL));
    this.#unwatch();
  }

  close(): void {
    this.#forgetWindow();
    this.restore();
  }

  #load(word: number): number {
    return Atomics.load(this.#kernel.words, this.#block + word);
  }

  #store(word: number, value: number): void {
    Atomics.store(this.#kernel.words, this.#block + word, value);
  }

  #perform(change: TerminalChange | undefined): Errno {
    const control = this.#look();
    if (!change) return Errno.SUCCESS;
    const { modes, window } = change;
    const errno = modes === undefined ? Errno.SUCCESS : this.#setModes(control, modes);
    if (window && errno === Errno.SUCCESS) this.#resize(window, window.size);
    return errno;
  }

  /** Finds out what the terminal is like, once. */
  #look(): ModeControl {
    if (this.#control) return this.#control;
    const control = modeControl(this.#terminals.indexOf(true));
    this.#control = control;
    this.#initial = wordOf(control.initial);
    this.#store(TERMINAL.MODES, this.#initial | TerminalMode.LINE_FEEDS);
    const { size, pixels } = this.#measure();
    this.#store(TERMINAL.SIZE, size);
    this.#store(TERMINAL.PIXELS, pixels);
    this.#store(TERMINAL.FORMER_SIZE, size);
    this.#store(TERMINAL.KNOWN, 1);
    return control;
  }

  #measure(): { size: number; pixels: number } {
    const [, stdout, stderr] = this.#terminals;
    const own = stdout ? process.stdout : stderr ? process.stderr : undefined;
    // On a worker thread Node's streams are no terminals, whatever the descriptors are.
    const told =
      (own as Partial<WriteStream> | undefined)?.getWindowSize?.() ??
      askSize(this.#terminals.indexOf(true)) ??
      USUAL;
    const [columns, rows] = told[0] > 0 && told[1] > 0 ? told : USUAL;
    return { size: pack(columns, rows), pixels: pack(columns * CELL.width, rows * CELL.height) };
  }

  /** The window has changed. A guest that has never looked at its size may still want to know. */
  #follow(): void {
    if (!this.#control) return this.#onResize();
    this.#resize(this.#measure(), this.#load(TERMINAL.SIZE));
  }

  #resize({ size, pixels }: { readonly size: number; readonly pixels: number }, former: number): void {
    if (size === this.#load(TERMINAL.SIZE)) return;
    this.#store(TERMINAL.FORMER_SIZE, former);
    this.#store(TERMINAL.PIXELS, pixels);
    this.#store(TERMINAL.SIZE, size);
    this.#onResize();
  }

  #setModes(control: ModeControl, modes: number): Errno {
    if ((modes & REAL) !== (this.#load(TERMINAL.MODES) & REAL)) {
      // Before the change: nothing may end the process in between.
      this.#watch();
      const errno = control.set(modesOf(modes));
      if (errno !== Errno.SUCCESS) return errno;
      if ((modes & REAL) === this.#initial) this.#unwatch();
    }
    this.#store(TERMINAL.MODES, modes);
    return Errno.SUCCESS;
  }

  /** While the terminal is not as it was found, the end of the process and its suspension are ours to see. */
  #watch(): void {
    if (this.#leave.length > 0) return;
    this.#leave = [
      onProcessEvent('exit', () => this.restore()),
      onProcessEvent('SIGTSTP', () => this.#suspend()),
      onProcessEvent('SIGCONT', () => this.#resume()),
    ];
  }

  #unwatch(): void {
    const leave = this.#leave;
    this.#leave = [];
    for (const forget of leave) forget();
  }

  /** Ctrl-Z: gives the terminal back to the shell as it was, then stops as if nobody had listened. */
  #suspend(): void {
    this.#control?.restore();
    this.#unwatch();
    // A process group that nobody could continue is not stopped by the system.
    const timer = setTimeout(() => this.#resume(), STOP_MS);
    this.#leave = [() => clearTimeout(timer), onProcessEvent('SIGCONT', () => this.#resume())];
    process.kill(process.pid, 'SIGTSTP');
  }

  /** Goes on after a stop: the terminal is the guest's again, and may have another size. */
  #resume(): void {
    this.#unwatch();
    this.#watch();
    this.#control?.set(modesOf(this.#load(TERMINAL.MODES)));
    this.#follow();
  }
}

function wordOf({ echo, lines }: { echo: boolean; lines: boolean }): number {
  return (echo ? TerminalMode.ECHO : 0) | (lines ? TerminalMode.LINES : 0);
}

function modesOf(word: number): { echo: boolean; lines: boolean } {
  return { echo: (word & TerminalMode.ECHO) !== 0, lines: (word & TerminalMode.LINES) !== 0 };
}
