/**
 * The table of guest threads of a run: one record of 16 words each, at HEADER.THREADS.
 *
 *   0 STATE      ThreadState: free, starting, running, ended; the spawner claims, the thread and the host release
 *   1 TID        the guest's number for it (ABI §4.2); written by the spawner before STATE
 *   2 PROCESS    address of its process record, 0 for none: the thread is over, or is being made
 *   3 IN_CALL    InCall; written by the thread, changed from NO to CONDEMNED by who ends it: a thread is terminated
 *                only while it runs guest code, so it can hold no lock and no half-open file
 *   4 PARK       a counter the thread waits on; a waker adds 1 and notifies, so a wake-up is never lost
 *   5 WAITING    what it waits for (WaitKind); written by the thread, read by reports
 *   6 ADDRESS    guest address / 4 + 1 of the word it waits on, else 0: such a wait is woken by a bare notify
 *   7 CHILD      pid that it waits for in `proc_join`, −1 for any child, else 0; written by the thread, read by the host
 *   8 PENDING    signals 1…31 not yet delivered, bit per signal number − 1, and PROCESS_BIT (signals/signal-set.ts);
 *                anyone ORs, the thread clears
 *   9 STAND_IN   record that the thread runs under while it is the child of a vfork, 0 for none (processes/vfork.ts);
 *                the thread writes it. This record is its suspended parent's then, and IN_CALL stays 1
 *  10 WORKER     number of the worker it runs on, −1 on the host's main thread
 *  11 SERIAL     how many threads have used this record
 *  12…13 JOINERS wait queue of the threads in `thread_join` on this one
 *  14 OS_THREAD  the operating system's number of the worker's thread, 0 where it cannot be known
 *  15 NODE       node of a wait queue that the thread keeps for its next wait, 0 for none; the thread itself
 */
import type { KernelMemory } from '../memory/kernel-memory.js';

export const THREAD = {
  STATE: 0,
  TID: 1,
  PROCESS: 2,
  IN_CALL: 3,
  PARK: 4,
  WAITING: 5,
  ADDRESS: 6,
  CHILD: 7,
  PENDING: 8,
  STAND_IN: 9,
  WORKER: 10,
  SERIAL: 11,
  JOINERS: 12,
  OS_THREAD: 14,
  NODE: 15,
  WORDS: 16,
} as const;

/**
 * Where a thread is: in the guest, in host code, or in the guest and about to be terminated there. PARDONED is for one
 * that waits for that in host code: it goes on, for it was condemned in the place of a thread that was gone.
 */
export const InCall = { NO: 0, YES: 1, CONDEMNED: 2, PARDONED: 3 } as const;

/** ENDED: counted out of its process; its record is freed when its worker has been given back. */
export const ThreadState = { FREE: 0, STARTING: 1, RUNNING: 2, ENDED: 3 } as const;

/** What a parked thread waits for, as reports name it. */
export const WaitKind = {
  NONE: 0,
  FUTEX: 1,
  ATOMIC_WAIT: 2,
  SLEEP: 3,
  POLL: 4,
  READ: 5,
  WRITE: 6,
  JOIN: 7,
  HOST: 8,
  SEND: 11,
  CHILD: 9,
  EPOLL: 12,
  VFORK: 13,
} as const;

/**
 * Wakes a thread parked in the kernel; one that is about to park sees the changed counter and does not. The thread of a
 * suspended parent wakes up as the vfork child that it is.
 */
export function wakeThread(kernel: KernelMemory, record: number): void {
  callThread(kernel, record);
  notifyThread(kernel, record);
  const standIn = Atomics.load(kernel.words, record + THREAD.STAND_IN);
  if (standIn === 0) return;
  callThread(kernel, standIn);
  notifyThread(kernel, standIn);
}

/** The first half of `wakeThread`: the thread does not park any more. `notifyThread` follows where it has parked. */
export function callThread(kernel: KernelMemory, record: number): void {
  Atomics.add(kernel.words, record + THREAD.PARK, 1);
}

export function notifyThread(kernel: KernelMemory, record: number): void {
  Atomics.notify(kernel.words, record + THREAD.PARK);
}
