/** A guest thread from its first instruction to its end, on the worker (or main thread) that runs it. */

import { countThreadOut } from '../../kernel/processes/completion.js';
import { endProcess } from '../../kernel/processes/end.js';
import { EndKind, PROCESS } from '../../kernel/processes/process-record.js';
import { leaveChild } from '../../kernel/processes/vfork.js';
import { senderOf } from '../../kernel/signals/delivery.js';
import { passSignalsOn } from '../../kernel/signals/post.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import { osThread } from '../../kernel/threads/os-thread.js';
import { releaseThread } from '../../kernel/threads/thread-record.js';
import { THREAD, ThreadState, WaitKind } from '../../kernel/threads/thread-words.js';
import { THREAD_ENTRY } from '../image.js';
import { reportOf } from './end-report.js';
import type { ProcessSide } from './process-side.js';
import { openStack, type StackStart } from './stack/open-stack.js';
import { prepareStack } from './thread-local-storage.js';

/** Exports that the main thread enters by (ABI §1.3). */
const INITIALIZER = '_initialize';
const COMMAND_ENTRY = '_start';

/** A thread to run. */
export interface ThreadStart {
  readonly record: number;
  readonly argument: number;
  /** The main thread enters by `_start` (or the entry the user named). */
  readonly main: boolean;
  /** Number of the worker, −1 for the host's main thread. */
  readonly worker: number;
  /** Begins on a stack taken elsewhere instead of by its entry: the child of a fork. */
  readonly resume?: StackStart;
}

/**
 * Runs the thread to its end. The function answered makes the end known to those who join it; undefined when the
 * thread goes on with another program (`side.successor`).
 */
export function runThread(side: ProcessSide, start: ThreadStart): (() => void) | undefined {
  const { thread } = side;
  const { words } = thread.kernel;
  thread.begin(start.record);
  words[start.record + THREAD.WORKER] = start.worker;
  words[start.record + THREAD.OS_THREAD] = osThread();
  Atomics.store(words, start.record + THREAD.STATE, ThreadState.RUNNING);
  run(thread, start, () => enter(side, start));
  for (let parent = leaveChild(thread); parent; parent = leaveChild(thread)) {
    const stack = parent;
    run(thread, start, () => goOn(side, start, stack));
  }
  if (side.successor) {
    thread.exports = {};
    thread.stack = undefined;
    return undefined;
  }
  return finish(thread);
}

/** Runs `guest`, which calls the guest, until it is over or has been left, and decides the end that follows from that. */
function run(thread: GuestThread, { main }: ThreadStart, guest: () => void): void {
  try {
    if (!thread.ending) inGuest(thread, guest);
    // The end of main is the end of the process (ABI §4.4); thread_exit in main is not, and leaves by LEAVE.
    if (main) endProcess(thread, EndKind.EXIT, 0);
  } catch (error) {
    if (!thread.leaving) fault(thread, error, main);
  }
}

function inGuest(thread: GuestThread, guest: () => void): void {
  thread.exitCall();
  try {
    guest();
  } finally {
    // Under whatever record it runs by now: it may be the child of a vfork.
    thread.enterHost();
  }
}

function enter(side: ProcessSide, start: ThreadStart): void {
  const { thread } = side;
  const { stack } = side.instantiate();
  thread.stack = openStack(thread, start);
  if (start.main) Atomics.store(thread.kernel.words, thread.process + PROCESS.MAIN_INSTANCE, 1);
  if (thread.ending) return;
  if (start.resume) resume(side, start.resume);
  else if (start.main) enterMain(side);
  else {
    if (stack) prepareStack(thread.memory, stack, start.argument);
    thread.callExport(THREAD_ENTRY, thread.tid, start.argument);
  }
}

/** The parent of a vfork goes on in its instance, which its child has left. */
function goOn(side: ProcessSide, start: ThreadStart, parent: StackStart): void {
  side.thread.stack = openStack(side.thread, { ...start, resume: parent });
  resume(side, parent);
}

function enterMain({ image, thread }: ProcessSide): void {
  thread.callExport(INITIALIZER);
  thread.callExport(image.entry ?? COMMAND_ENTRY);
}

function resume({ image, thread }: ProcessSide, { image: stack, result }: StackStart): void {
  thread.stack?.begin(stack, result);
  if (stack.entry.name === INITIALIZER) thread.callExport(image.entry ?? COMMAND_ENTRY);
}

/** A trap or an exception nobody caught: ends the process; the first such end is the one reported. */
function fault(thread: GuestThread, error: unknown, main: boolean): void {
  const report = reportOf(error, thread.tid, main ? COMMAND_ENTRY : THREAD_ENTRY);
  endProcess(thread, report.kind, 0, report);
}

function finish(thread: GuestThread): () => void {
  const { kernel, process, record, owner } = thread;
  const { words } = kernel;
  words[record + THREAD.WAITING] = WaitKind.NONE;
  thread.exports = {};
  thread.stack = undefined;
  Atomics.store(words, record + THREAD.STATE, ThreadState.ENDED);
  const sender = senderOf(thread);
  passSignalsOn(sender, process);
  countThreadOut(sender, process, () => endProcess(thread, EndKind.EXIT, 0));
  return () => releaseThread(kernel, record, owner);
}
