/** The host as a sender of signals: unlike a guest thread it has the memories of all processes. */
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { ANY_CHILD } from '../../kernel/processes/join.js';
import { PROCESS, ProcessState, processAt } from '../../kernel/processes/process-record.js';
import { childrenOf } from '../../kernel/processes/process-table.js';
import type { Sender } from '../../kernel/signals/post.js';
import { notifyGuestWait } from '../../kernel/threads/guest-waits.js';
import { threadsOf } from '../../kernel/threads/thread-record.js';
import { THREAD, wakeThread } from '../../kernel/threads/thread-words.js';

/** Rounds of notifying a thread that parks on guest memory, a millisecond apart, before it is left to its next call. */
const NUDGES = 1000;

/** What the run knows of its processes. */
export interface ProcessMemories {
  /** The memory of the program that `process` runs; undefined when it is not known yet. */
  memoryOf(process: number): GuestMemory | undefined;
  /** The end of `process` has been decided. */
  ended(process: number): void;
}

export function hostSender(kernel: KernelMemory, memories: ProcessMemories): Sender {
  return {
    kernel,
    owner: HOST_OWNER,
    process: 0,
    tid: 0,
    rouse: (record) => rouse(kernel, memories, record),
    ended: (process) => memories.ended(process),
  };
}

/** A thread that was only about to wait on guest memory misses a notify, so it is repeated until the thread has moved on. */
function rouse(kernel: KernelMemory, memories: ProcessMemories, record: number): void {
  const { words } = kernel;
  wakeThread(kernel, record);
  const serial = Atomics.load(words, record + THREAD.SERIAL);
  let rounds = 0;
  const notify = () => {
    const memory = memories.memoryOf(words[record + THREAD.PROCESS]!);
    const taken = Atomics.load(words, record + THREAD.PENDING) === 0;
    const over = taken || Atomics.load(words, record + THREAD.SERIAL) !== serial;
    if (over || !memory || notifyGuestWait(kernel, memory, record) === 0 || ++rounds > NUDGES) return;
    setTimeout(notify, 1).unref();
  };
  notify();
}

/**
 * The process that signals of the user go to: the first one, or, as with a shell, the child that it waits for, or the
 * child that this one waits for, and so on.
 */
export function foregroundProcess(kernel: KernelMemory): number {
  let process = processAt(kernel, 0);
  for (;;) {
    const next = childWaitedFor(kernel, process);
    if (next === 0) return process;
    process = next;
  }
}

/** The living child that a thread of `process` is waiting for, 0 for none; of several threads the first that has one. */
function childWaitedFor(kernel: KernelMemory, process: number): number {
  const { words } = kernel;
  const children = childrenOf(kernel, words[process + PROCESS.PID]!).filter(
    (child) => words[child + PROCESS.STATE] === ProcessState.LIVE,
  );
  for (const record of threadsOf(kernel, process)) {
    const pid = Atomics.load(words, record + THREAD.CHILD);
    const child = children.findLast((one) => pid === ANY_CHILD || words[one + PROCESS.PID] === pid);
    if (child) return child;
  }
  return 0;
}
