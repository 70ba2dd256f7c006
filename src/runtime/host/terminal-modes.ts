/**
 * Reading and setting the modes of the host's terminal.
 *
 * Node can only switch all of them at once (`setRawMode`), which takes from the user the keys that send signals. So
 * stty(1) does it, which is wherever Unix and a terminal are, and can set echo and input by lines apart. Keys such as
 * Ctrl-C go on to send signals: a guest has no way to ask for anything else (ABI §3.11). Only where there is no stty it
 * is `setRawMode`, for both modes together, and Ctrl-C is then a character as any other.
 */
import type { ReadStream } from 'node:tty';
import { Errno } from '../../abi/errno.js';
import { childProcessModule } from '../../kernel/builtin-modules.js';

export interface TerminalModes {
  /** What is typed is shown. */
  readonly echo: boolean;
  /** Input comes by whole lines, which can be edited and ended by Ctrl-D. */
  readonly lines: boolean;
}

export interface ModeControl {
  /** The modes at the time of the first look. */
  readonly initial: TerminalModes;
  /** The errno of the attempt. */
  set(modes: TerminalModes): Errno;
  /** Puts the terminal back into the state it was in before the first `set`. */
  restore(): void;
}

/** stty waits until what was written is out; one that waits for more than a moment waits for a terminal that is stuck. */
const STTY_PATIENCE_MS = 2000;

/** What stty prints for the terminal `fd`; undefined when it cannot be run or fails. */
function stty(fd: number, ...args: string[]): string | undefined {
  const { status, stdout } = childProcessModule().spawnSync('stty', args, {
    stdio: [fd, 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C' },
    encoding: 'utf8',
    timeout: STTY_PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  return status === 0 ? stdout : undefined;
}

/** Columns and rows of the terminal `fd`, as stty tells. */
export function askSize(fd: number): readonly [columns: number, rows: number] | undefined {
  const [rows, columns] = (stty(fd, 'size') ?? '').trim().split(' ').map(Number);
  return columns && rows ? [columns, rows] : undefined;
}

/** How the modes of the terminal `fd` can be set. Looks at them. */
export function modeControl(fd: number): ModeControl {
  const shown = stty(fd, '-a');
  return shown === undefined ? new RawControl() : new SttyControl(fd, shown);
}

class SttyControl implements ModeControl {
  readonly initial: TerminalModes;
  readonly #fd: number;
  #saved: string | undefined;

  constructor(fd: number, shown: string) {
    this.#fd = fd;
    const isOn = (setting: string) => new RegExp(`(^|\\s)${setting}($|[\\s;])`, 'm').test(shown);
    this.initial = { echo: isOn('echo'), lines: isOn('icanon') };
  }

  set({ echo, lines }: TerminalModes): Errno {
    this.#saved ??= stty(this.#fd, '-g')?.trim();
    if (this.#saved === undefined) return Errno.IO;
    const asTyped = lines ? ['icanon'] : ['-icanon', 'min', '1', 'time', '0'];
    return stty(this.#fd, echo ? 'echo' : '-echo', ...asTyped) === undefined ? Errno.IO : Errno.SUCCESS;
  }

  restore(): void {
    if (this.#saved !== undefined) stty(this.#fd, this.#saved);
  }
}

class RawControl implements ModeControl {
  readonly initial = { echo: true, lines: true };

  set({ echo, lines }: TerminalModes): Errno {
    const stdin = process.stdin as Partial<ReadStream>;
    if (echo !== lines || !stdin.setRawMode) return Errno.NOTSUP;
    stdin.setRawMode(!lines);
    return Errno.SUCCESS;
  }

  restore(): void {
    this.set(this.initial);
  }
}
