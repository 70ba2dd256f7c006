/** How a process ends, seen from the guest thread that ends it. */
import type { EndReport } from '../host-link.js';
import type { GuestMemory } from '../memory/guest-memory.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { notifyGuestWaits } from '../threads/guest-waits.js';
import { threadsOf } from '../threads/thread-record.js';
import { wakeThread } from '../threads/thread-words.js';
import { claimEnd, EndKind } from './process-record.js';

/**
 * Decides the end of the calling thread's process, unless it is decided already, wakes its parked threads so
 * that they leave, and tells the host, which ends those that run guest code. Does not leave the guest itself.
 */
export function endProcess(thread: GuestThread, kind: EndKind, value: number, report?: EndReport): void {
  const { kernel, process, memory } = thread;
  if (!claimEnd(kernel, process, thread.owner, { kind, value, tid: thread.tid })) return;
  wakeForEnd(kernel, memory, process);
  thread.view.link.post({ type: 'ended', process, report });
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

/** Ends the process as the default action of `signal` does, and leaves the guest. */
export function dieBySignal(thread: GuestThread, signal: number): never {
  endProcess(thread, EndKind.SIGNAL, signal);
  return thread.leave();
}
