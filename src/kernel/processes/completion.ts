/** The last of a process: what happens when its last thread is gone (ABI §5.5). */
import { Signal } from '../../abi/signal.js';
import { dropTimers } from '../signals/interval-timers.js';
import { beginSignal, type Sender } from '../signals/post.js';
import { EndKind, PROCESS } from './process-record.js';
import { buryProcess, closeProcess } from './process-table.js';

/**
 * Takes note that a thread of `process` is over. With the last one the process is: what it has open is closed, whoever
 * waits for it is woken, its parent gets CHLD. `finish` decides the end of a process whose threads have all left
 * without one. While the process is given another program, the thread that does it is told instead.
 */
export function countThreadOut(sender: Sender, process: number, finish: () => void): void {
  const { kernel, owner } = sender;
  const { words } = kernel;
  if (Atomics.sub(words, process + PROCESS.LIVE, 1) === 1) {
    finish();
    closeProcess(kernel, process, owner);
    dropTimers(kernel, process, owner);
    let wake: () => void = () => undefined;
    // Who waits for the child finds the signal there, and a handler the child.
    buryProcess(kernel, process, owner, (parent) => {
      wake = beginSignal(sender, parent, Signal.CHLD);
    });
    return wake();
  }
  if (words[process + PROCESS.END_KIND] === EndKind.EXEC) Atomics.notify(words, process + PROCESS.LIVE);
}
