/** What each guest thread is doing, for reports of a program that does not end. */
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { threadsOf } from '../../kernel/threads/thread-record.js';
import { THREAD, ThreadState, WaitKind } from '../../kernel/threads/thread-words.js';

const waitNames: Readonly<Record<number, string>> = {
  [WaitKind.FUTEX]: 'futex',
  [WaitKind.ATOMIC_WAIT]: 'memory.atomic.wait',
  [WaitKind.SLEEP]: 'sleep',
  [WaitKind.POLL]: 'poll',
  [WaitKind.READ]: 'read',
  [WaitKind.WRITE]: 'write',
  [WaitKind.SEND]: 'write',
  [WaitKind.JOIN]: 'join',
  [WaitKind.HOST]: 'a function of the host',
  [WaitKind.CHILD]: 'proc_join',
  [WaitKind.EPOLL]: 'epoll',
  [WaitKind.VFORK]: 'vfork',
};

/**
 * One line for each live thread of `process`, by id, such as `thread 3 on worker 2: parked in futex at 0x1f40` or
 * `thread 1: in guest code`. The threads run on meanwhile: each line is true of some moment during the call.
 */
export function describeThreads(kernel: KernelMemory, process: number): string {
  const { words } = kernel;
  const records = threadsOf(kernel, process).sort((a, b) => words[a + THREAD.TID]! - words[b + THREAD.TID]!);
  if (records.length === 0) return 'no threads';
  return records.map((record) => describeThread(words, record)).join('\n');
}

function describeThread(words: Int32Array, record: number): string {
  const worker = words[record + THREAD.WORKER]!;
  const place = worker < 0 ? '' : ` on worker ${worker}`;
  return `thread ${words[record + THREAD.TID]!}${place}: ${activity(words, record)}`;
}

function activity(words: Int32Array, record: number): string {
  if (Atomics.load(words, record + THREAD.STATE) === ThreadState.STARTING) return 'accepted, not started';
  const kind = words[record + THREAD.WAITING]!;
  if (kind !== WaitKind.NONE)
    return `parked in ${waitNames[kind] ?? `wait ${kind}`}${wordWaitedOn(words, record)}`;
  return Atomics.load(words, record + THREAD.IN_CALL) === 0 ? 'in guest code' : 'in a host call';
}

/** Waits on guest memory are on a word of it; the record holds its address / 4 + 1 (thread-words.ts). */
function wordWaitedOn(words: Int32Array, record: number): string {
  const index = Atomics.load(words, record + THREAD.ADDRESS);
  return index === 0 ? '' : ` at 0x${((index - 1) * 4).toString(16)}`;
}
