/**
 * vfork (ABI §5.2): a child that has no memory and no thread of its own until it execs.
 *
 *   calling thread    parent ──▶ child ───────────────▶ parent
 *                       vfork      exit, exec, or killed
 *
 * The calling thread goes on as the child: in the same instance and memory, under a thread record of the child's, with
 * descriptors, working directory and signals of its own. The parent's record stays and names the other as its STAND_IN.
 * It depends on how the parent was left how the thread comes back to it:
 *
 * - `proc_fork` has taken an image of the stack (asyncify). Whatever ends the child has the thread leave the guest, and
 *   the call is entered anew in the parent (runtime/thread/run-thread.ts).
 * - `proc_fork_env` has not: the guest jumps back by itself once `proc_exit2` or `proc_exec3` returns. No other way leads
 *   back. What ends the child otherwise takes effect there, and calls that do not return end the parent too, with 129.
 *
 * The child dies with its parent's process, for it runs on its thread. The reverse holds for a trap: there is one
 * address space and one stack, and what has broken the child has broken the parent (end.ts).
 */
import { Errno } from '../../abi/errno.js';
import { Signal } from '../../abi/signal.js';
import { fail } from '../failure.js';
import { senderOf } from '../signals/delivery.js';
import { inheritHandler } from '../signals/post.js';
import type { GuestThread } from '../threads/guest-thread.js';
import type { Resumption, StackImage } from '../threads/stack-switch.js';
import { claimThread, releaseThread } from '../threads/thread-record.js';
import { THREAD, ThreadState, WaitKind } from '../threads/thread-words.js';
import { abandonChild, createChild } from './child.js';
import { countThreadOut } from './completion.js';
import { endProcess } from './end.js';
import { EndKind, isEnding, PROCESS } from './process-record.js';

/** Exit code of a parent whose child cannot come back to it (ABI §5.2). */
const NO_WAY_BACK = 129;

/** Where the parent goes on: its stack, and what its `proc_fork` answers there. */
export interface ParentStack {
  readonly image: StackImage;
  readonly result: Resumption;
}

/**
 * Makes the calling thread the only one of a new child process, which has copies of what a fork copies but for the
 * memory; `stack` is where the parent goes on, undefined if the guest finds its way back by itself.
 * @returns the child's pid
 * @throws NOTSUP in a vfork child, AGAIN when there are too many processes or threads
 */
export function becomeChild(thread: GuestThread, stack: StackImage | undefined): number {
  if (thread.suspended) fail(Errno.NOTSUP);
  const { kernel, process, record, signalExport, handling } = thread;
  const { words } = kernel;
  const child = createChild(thread);
  const standIn = prepareChild(thread, child);
  thread.suspended = { process, record, signalExport, handling, stack };
  words[record + THREAD.WAITING] = WaitKind.VFORK;
  // Who ends the parent stores END and then looks here; this thread looks at END in its next call.
  Atomics.store(words, record + THREAD.STAND_IN, standIn);
  become(thread, child, standIn);
  thread.signalExport = signalExport;
  thread.handling = handling;
  return thread.tid;
}

/** Gives the child what else it needs, or gives it up. */
function prepareChild(thread: GuestThread, child: number): number {
  const { kernel, process, owner } = thread;
  try {
    inheritHandler(kernel, process, child, owner);
    return claimStandIn(thread, child);
  } catch (error) {
    abandonChild(thread, child);
    throw error;
  }
}

/** It has no worker of its own (WORKER stays −1): a killed child is not worth that of its parent, and leaves by itself. */
function claimStandIn(thread: GuestThread, child: number): number {
  const { kernel, record } = thread;
  const { words } = kernel;
  const standIn = claimThread(kernel, child);
  if (standIn === 0) return fail(Errno.AGAIN);
  words[standIn + THREAD.TID] = words[child + PROCESS.PID]!;
  words[standIn + THREAD.OS_THREAD] = words[record + THREAD.OS_THREAD]!;
  words[child + PROCESS.PEAK_LIVE] = 1;
  Atomics.store(words, child + PROCESS.LIVE, 1);
  Atomics.store(words, standIn + THREAD.STATE, ThreadState.RUNNING);
  return standIn;
}

function become(thread: GuestThread, process: number, record: number): void {
  thread.process = process;
  thread.begin(record);
}

/** Whether the calling thread is a vfork child that is left by returning from a call, to the parent in the same frame. */
export function returnsToParent(thread: GuestThread): boolean {
  return thread.suspended !== undefined && thread.suspended.stack === undefined;
}

/** Ends the vfork child that the calling thread is, with 0 if nothing else has ended it, and makes it the parent again. */
export function endChild(thread: GuestThread): void {
  const { kernel, process, record } = thread;
  Atomics.store(kernel.words, record + THREAD.STATE, ThreadState.ENDED);
  countThreadOut(senderOf(thread), process, () => endProcess(thread, EndKind.EXIT, 0));
  becomeParent(thread);
}

/**
 * Gives the child's process to the thread with `heir`, which `exec` has started. Signals that have come for the child
 * are that one's, and it alone is found by the child's id from here on.
 */
export function handOver(thread: GuestThread, heir: number): void {
  const { kernel, record } = thread;
  const { words } = kernel;
  // Who makes a signal pending looks at PROCESS again afterwards (signals/post.ts): it is moved here, or goes there.
  Atomics.store(words, record + THREAD.PROCESS, 0);
  Atomics.or(words, heir + THREAD.PENDING, Atomics.exchange(words, record + THREAD.PENDING, 0));
}

/** Makes the thread the parent again whose child is over or has been given to another thread. */
export function becomeParent(thread: GuestThread): void {
  const { kernel, record, owner, suspended } = thread;
  if (!suspended) return;
  thread.suspended = undefined;
  kernel.words[suspended.record + THREAD.WAITING] = WaitKind.NONE;
  Atomics.store(kernel.words, suspended.record + THREAD.STAND_IN, 0);
  releaseThread(kernel, record, owner);
  become(thread, suspended.process, suspended.record);
  thread.signalExport = suspended.signalExport;
  thread.handling = suspended.handling;
}

/**
 * To be called when the thread has left the guest: a vfork child is over then, or has been given another program.
 * @returns where its parent goes on; undefined when the thread is over, its process being about to end or not
 */
export function leaveChild(thread: GuestThread): ParentStack | undefined {
  const { kernel, process, record, suspended, tid } = thread;
  if (!suspended) return undefined;
  if (kernel.words[record + THREAD.PROCESS] === process) {
    if (isEnding(kernel, suspended.process)) endProcess(thread, EndKind.SIGNAL, Signal.KILL);
    endChild(thread);
  } else {
    becomeParent(thread);
  }
  if (thread.ending) return undefined;
  if (suspended.stack)
    return { image: suspended.stack, result: { errno: Errno.SUCCESS, value: BigInt(tid) } };
  endStranded(thread);
  return undefined;
}

/** Ends the calling thread's process, whose vfork child is over without a way back to where it was. */
export function endStranded(thread: GuestThread): void {
  thread.view.link.post({
    type: 'notice',
    text: `a child of proc_fork_env ended by a call that does not return: its parent ends too, with ${NO_WAY_BACK}`,
  });
  endProcess(thread, EndKind.EXIT, NO_WAY_BACK);
}
