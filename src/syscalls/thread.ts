/** Threads (ABI §2.5, §4). */
import { Errno } from '../abi/errno.js';
import { isSignal } from '../abi/signal.js';
import { LIBC_MAIN_TID } from '../abi/thread-id.js';
import { osModule } from '../kernel/builtin-modules.js';
import { deadlineAfter } from '../kernel/clock.js';
import { PROCESS } from '../kernel/processes/process-record.js';
import { deliverSignals, postSignal } from '../kernel/signals/delivery.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { waitForEndOf } from '../kernel/threads/thread-end.js';
import { findThread } from '../kernel/threads/thread-record.js';
import { WaitKind } from '../kernel/threads/thread-words.js';
import { waitUntil } from '../kernel/threads/waiting.js';
import type { Handlers } from './handler.js';

/** The process's thread with this number; libc may name the main one 0x3fffffff (ABI §4.2). 0 for none. */
function recordOf(thread: GuestThread, tid: number): number {
  const main = tid === LIBC_MAIN_TID;
  return findThread(
    thread.kernel,
    thread.process,
    main ? thread.kernel.words[thread.process + PROCESS.PID]! : tid,
  );
}

export const threadHandlers: Handlers<
  | 'thread-spawn'
  | 'thread_spawn_v2'
  | 'thread_exit'
  | 'thread_join'
  | 'thread_id'
  | 'thread_sleep'
  | 'thread_parallelism'
  | 'thread_signal'
  | 'sched_yield'
> = {
  'thread-spawn': (thread, start) => thread.view.spawn(thread, start),

  thread_spawn_v2(thread, start, tid) {
    thread.memory.span(tid, 4);
    const result = thread.view.spawn(thread, start);
    if (result < 0) return -result;
    thread.memory.setU32(tid, result);
    return Errno.SUCCESS;
  },

  /** The code is ignored (ABI §4.4); the last thread to go ends the process with 0. */
  thread_exit: (thread) => thread.leave(),

  thread_join(thread, tid) {
    const record = recordOf(thread, tid);
    if (record === thread.record) return Errno.DEADLK;
    if (record !== 0) waitForEndOf(thread, record, tid);
    return Errno.SUCCESS;
  },

  thread_id(thread, tid) {
    thread.memory.setU32(tid, thread.tid);
    return Errno.SUCCESS;
  },

  thread_sleep(thread, duration) {
    const nanoseconds = BigInt.asUintN(64, duration);
    if (nanoseconds > 0n) waitUntil(thread, WaitKind.SLEEP, [], () => false, deadlineAfter(nanoseconds));
    return Errno.SUCCESS;
  },

  thread_parallelism(thread, parallelism) {
    thread.memory.setU32(parallelism, osModule().availableParallelism());
    return Errno.SUCCESS;
  },

  thread_signal(thread, tid, signal) {
    if (signal !== 0 && !isSignal(signal)) return Errno.INVAL;
    if (signal !== 0) postSignal(thread, () => recordOf(thread, tid), signal);
    deliverSignals(thread);
    return Errno.SUCCESS;
  },

  /** Guest threads are threads of the operating system, which schedules them: there is nothing to hand over. */
  sched_yield: () => Errno.SUCCESS,
};
