/** Waiting for children (`proc_join`, ABI §5.5). */
import { Errno } from '../../abi/errno.js';
import { Signal } from '../../abi/signal.js';
import { fail } from '../failure.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { THREAD, WaitKind } from '../threads/thread-words.js';
import { waitUntil } from '../threads/waiting.js';
import { EndKind, PROCESS, ProcessState } from './process-record.js';
import { childrenOf, free, withProcesses } from './process-table.js';

/** How a child ended. */
export interface ChildEnd {
  readonly pid: number;
  /** Its exit code, or 128 plus the signal. */
  readonly code: number;
  /** The signal that ended it, 0 for none; a trap counts as ABRT. */
  readonly signal: number;
}

/** Any child will do. */
export const ANY_CHILD = -1;

/**
 * Takes a child that is over out of the table, after waiting for one unless `nonblocking`.
 * @param pid the child, or ANY_CHILD
 * @returns undefined when none is over yet; only if `nonblocking`
 * @throws CHILD when there is no such child
 */
export function joinChild(thread: GuestThread, pid: number, nonblocking: boolean): ChildEnd | undefined {
  let end = reap(thread, pid);
  if (end !== undefined || nonblocking) return end;
  const { kernel, record } = thread;
  // That of a wait which a signal has interrupted, whose handler waits for a child too.
  const outer = Atomics.exchange(kernel.words, record + THREAD.CHILD, pid);
  try {
    const ready = () => {
      end = reap(thread, pid);
      return end !== undefined;
    };
    waitUntil(thread, WaitKind.CHILD, [thread.process + PROCESS.CHILDREN], ready, Number.POSITIVE_INFINITY);
  } finally {
    Atomics.store(kernel.words, record + THREAD.CHILD, outer);
  }
  return end;
}

function reap({ kernel, process, owner }: GuestThread, pid: number): ChildEnd | undefined {
  return withProcesses(kernel, owner, () => {
    const { words } = kernel;
    const children = childrenOf(kernel, words[process + PROCESS.PID]!).filter(
      (child) => pid === ANY_CHILD || words[child + PROCESS.PID] === pid,
    );
    if (children.length === 0) fail(Errno.CHILD);
    const over = children.find((child) => words[child + PROCESS.STATE] === ProcessState.ZOMBIE);
    if (over === undefined) return undefined;
    free(kernel, over);
    return endOf(words, over);
  });
}

function endOf(words: Int32Array, process: number): ChildEnd {
  const pid = words[process + PROCESS.PID]!;
  const value = words[process + PROCESS.END_VALUE]!;
  const kind = words[process + PROCESS.END_KIND]!;
  if (kind === EndKind.EXIT) return { pid, code: value, signal: 0 };
  const signal = kind === EndKind.SIGNAL ? value : Signal.ABRT;
  return { pid, code: 128 + signal, signal };
}
