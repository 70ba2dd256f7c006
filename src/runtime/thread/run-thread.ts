/** A guest thread from its first instruction to its end, on the worker (or main thread) that runs it. */

import { endProcess } from '../../kernel/processes/end.js';
import { EndKind, PROCESS } from '../../kernel/processes/process-record.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import { osThread } from '../../kernel/threads/os-thread.js';
import { releaseThread } from '../../kernel/threads/thread-record.js';
import { THREAD, ThreadState, WaitKind } from '../../kernel/threads/thread-words.js';
import { THREAD_ENTRY } from '../image.js';
import { reportOf } from './end-report.js';
import type { ProcessSide } from './process-side.js';
import { prepareStack } from './thread-local-storage.js';

/** A thread to run. */
export interface ThreadStart {
  readonly record: number;
  readonly argument: number;
  /** The main thread enters by `_start` (or the entry the user named). */
  readonly main: boolean;
  /** Number of the worker, −1 for the host's main thread. */
  readonly worker: number;
}

/** Runs the thread to its end. The function answered makes the end known to those who join it. */
export function runThread(side: ProcessSide, start: ThreadStart): () => void {
  const { thread } = side;
  const { words } = thread.kernel;
  thread.begin(start.record);
  words[start.record + THREAD.WORKER] = start.worker;
  words[start.record + THREAD.OS_THREAD] = osThread;
  Atomics.store(words, start.record + THREAD.STATE, ThreadState.RUNNING);
  try {
    if (!thread.ending) enter(side, start);
    // The end of main is the end of the process (ABI §4.4); thread_exit in main is not, and leaves by LEAVE.
    if (start.main) endProcess(thread, EndKind.EXIT, 0);
  } catch (error) {
    if (!thread.leaving) fault(thread, error, start.main);
  }
  return finish(thread);
}

function enter(side: ProcessSide, start: ThreadStart): void {
  const { thread } = side;
  const { words } = thread.kernel;
  const inCall = start.record + THREAD.IN_CALL;
  Atomics.store(words, inCall, 0);
  try {
    const { exports } = side.instantiate();
    if (start.main) Atomics.store(words, thread.process + PROCESS.MAIN_INSTANCE, 1);
    if (thread.ending) return;
    if (start.main) enterMain(side, exports);
    else {
      prepareStack(thread, exports, start.argument);
      call(exports, THREAD_ENTRY, thread.tid, start.argument);
    }
  } finally {
    Atomics.store(words, inCall, 1);
  }
}

function enterMain(side: ProcessSide, exports: WebAssembly.Exports): void {
  const { entry } = side.image;
  if (typeof exports._initialize === 'function') call(exports, '_initialize');
  if (entry !== undefined) call(exports, entry);
  else if (typeof exports._start === 'function') call(exports, '_start');
}

function call(exports: WebAssembly.Exports, name: string, ...args: number[]): void {
  const target = exports[name];
  if (typeof target === 'function') target(...args);
}

/** A trap or an exception nobody caught: ends the process; the first such end is the one reported. */
function fault(thread: GuestThread, error: unknown, main: boolean): void {
  const report = reportOf(error, thread.tid, main ? '_start' : THREAD_ENTRY);
  endProcess(thread, report.kind, 0, report);
}

function finish(thread: GuestThread): () => void {
  const { kernel, process, record, owner } = thread;
  const { words } = kernel;
  words[record + THREAD.WAITING] = WaitKind.NONE;
  thread.exports = {};
  if (Atomics.sub(words, process + PROCESS.LIVE, 1) === 1) endProcess(thread, EndKind.EXIT, 0);
  return () => releaseThread(kernel, record, owner);
}
