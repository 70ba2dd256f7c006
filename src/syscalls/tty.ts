/** The terminal (ABI §2.11). */
import { Errno } from '../abi/errno.js';
import { tty } from '../abi/structs.js';
import type { Handlers } from './handler.js';

/** Pixels of a character cell: Node does not know them, and programs divide by what they get. */
const CELL = { width: 8, height: 16 };

export const ttyHandlers: Handlers<'tty_get'> = {
  tty_get(thread, state) {
    const { memory } = thread;
    const { stdin, stdout, stderr, columns, rows } = thread.view.terminal;
    const at = memory.span(state, tty.size);
    if (!stdin && !stdout && !stderr) return Errno.NOTSUP;
    memory.clear(at, tty.size);
    memory.setU32(at + tty.at.cols, columns);
    memory.setU32(at + tty.at.rows, rows);
    memory.setU32(at + tty.at.width, columns * CELL.width);
    memory.setU32(at + tty.at.height, rows * CELL.height);
    memory.setU8(at + tty.at.stdinTty, Number(stdin));
    memory.setU8(at + tty.at.stdoutTty, Number(stdout));
    memory.setU8(at + tty.at.stderrTty, Number(stderr));
    memory.setU8(at + tty.at.echo, 1);
    memory.setU8(at + tty.at.lineBuffered, 1);
    memory.setU8(at + tty.at.lineFeeds, 1);
    return Errno.SUCCESS;
  },
};
