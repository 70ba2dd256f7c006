/** How a process ends, seen from the guest thread that ends it. */
import type { EndReport } from '../host-link.js';
import type { GuestMemory } from '../memory/guest-memory.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { notifyGuestWaits } from '../threads/guest-waits.js';
import { threadsOf } from '../threads/thread-record.js';
import { wakeThread } from '../threads/thread-words.js';
import { claimEnd, type EndCause, EndKind, PROCESS } from './process-record.js';

/**
 * Decides the end of the calling thread's process, unless it is decided already, wakes its parked threads so
 * that they leave, and tells the host, which ends those that run guest code. Does not leave the guest itself.
 */
export function endProcess(thread: GuestThread, kind: EndKind, value: number, report?: EndReport): void {
  const { process, suspended } = thread;
  decideEnd(thread, process, { kind, value }, report);
  // One memory and one stack: what has broken the child of a vfork has broken its parent.
  if (suspended && BREAKS.has(kind)) decideEnd(thread, suspended.process, { kind, value }, report);
}

/** Ends after which a program's memory and stack are in no state to go on. */
const BREAKS: ReadonlySet<number> = new Set([EndKind.TRAP, EndKind.FAULT]);

function decideEnd(
  thread: GuestThread,
  process: number,
  end: Pick<EndCause, 'kind' | 'value'>,
  report: EndReport | undefined,
): void {
  const cause = { ...end, tid: thread.tid };
  if (claimEnd(thread.kernel, process, thread.owner, cause)) announceEnd(thread, process, report);
}

/** Has the threads of `process` leave, whose end has just been decided, and tells the host of it. */
export function announceEnd(thread: GuestThread, process: number, report?: EndReport): void {
  const { kernel, memory, view } = thread;
  const pid = kernel.words[process + PROCESS.PID]!;
  const serial = kernel.words[process + PROCESS.SERIAL]!;
  const sameMemory = process === thread.process || process === thread.suspended?.process;
  if (sameMemory) wakeForEnd(kernel, memory, process);
  else for (const record of threadsOf(kernel, process)) wakeThread(kernel, record);
  view.link.post({ type: 'ended', process, pid, serial, report });
}

/** Wakes every parked thread of a process that is ending. */
export function wakeForEnd(kernel: KernelMemory, memory: GuestMemory, process: number): void {
  for (const record of threadsOf(kernel, process)) wakeThread(kernel, record);
  notifyGuestWaits(kernel, memory, process);
}

/** `proc_exit`: ends the process with `code` and leaves the guest. */
export function exitProcess(thread: GuestThread, code: number): never {
  endProcess(thread, EndKind.EXIT, code);
  return thread.leave();
}

/**
 * Ends the process as the default action of `signal` does, and leaves the guest. Returns in a vfork child that cannot be
 * left: it is over as soon as it execs or exits.
 */
export function dieBySignal(thread: GuestThread, signal: number): void {
  endProcess(thread, EndKind.SIGNAL, signal);
  if (thread.ending) thread.leave();
}
