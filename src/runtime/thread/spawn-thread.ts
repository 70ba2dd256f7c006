/** Starting guest threads: `thread-spawn` from check to hand-off (ABI §4.1, §4.3). */
import { Errno } from '../../abi/errno.js';
import { lock, unlock } from '../../kernel/memory/lock.js';
import { PROCESS } from '../../kernel/processes/process-record.js';
import { askThread } from '../../kernel/signals/signal-set.js';
import { nextId, returnId } from '../../kernel/system.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import { claimThread, releaseThread } from '../../kernel/threads/thread-record.js';
import { THREAD } from '../../kernel/threads/thread-words.js';
import { POOL } from '../../pool/pool-memory.js';
import { submit } from '../../pool/schedule.js';
import { type ProcessImage, THREAD_TASK } from '../image.js';
import { FinishingThreads } from './finishing-threads.js';

/** How often a spawn at the limit looks again whether threads are ending. */
const LOOK_MS = 2;

/** What spawning needs of the worker it runs on. */
export interface Spawner {
  readonly pool: Int32Array;
  /** Key of the run, and serial number of the program. */
  readonly key: number;
  readonly serial: number;
  /** Asks the host to look for workers to create. */
  requestGrowth(): void;
}

/**
 * Starts a thread of the caller's process; answers its id, or a negative errno (`thread-spawn`, ABI §2.5). What a
 * module lacks for threads is said here and not at load: many programs import `thread-spawn` and never call it.
 */
export function spawnFrom(
  thread: GuestThread,
  spawner: Spawner | undefined,
  image: ProcessImage,
  argument: number,
): number {
  const lacking = whatIsLacking(thread, image);
  if (!lacking && spawner) return spawnThread(thread, spawner, argument);
  thread.view.link.post({
    type: 'notice',
    text: `cannot start a thread: ${lacking ?? 'this run has no worker pool'}`,
  });
  return -(image.traits.threadEntryFault ? Errno.NOTCAPABLE : Errno.NOTSUP);
}

function whatIsLacking(thread: GuestThread, image: ProcessImage): string | undefined {
  if (image.traits.threadEntryFault) return image.traits.threadEntryFault;
  // It would be a thread of a process that is about to leave this memory to its parent.
  if (thread.suspended) return 'the child of a vfork has no program of its own before it execs';
  if (!image.memory.shared && !image.memory.limits)
    return 'the module defines its memory and does not import it (link with --import-memory)';
  return thread.memory.shared ? undefined : 'the memory is not shared (link with --shared-memory)';
}

function spawnThread(thread: GuestThread, spawner: Spawner, argument: number): number {
  let patience: FinishingThreads | undefined;
  for (;;) {
    const seen = Atomics.load(spawner.pool, POOL.CHANGE);
    const result = trySpawn(thread, spawner, argument);
    if (result !== -Errno.AGAIN) return result;
    patience ??= new FinishingThreads(thread);
    const hopeless = !patience.mayFreeOne();
    // A thread that ended between the attempt and this look has changed the counter: there is room now.
    if (hopeless && Atomics.load(spawner.pool, POOL.CHANGE) === seen) return refuse(thread, spawner);
    Atomics.wait(spawner.pool, POOL.CHANGE, seen, LOOK_MS);
    if (thread.ending) thread.leave();
  }
}

function trySpawn(thread: GuestThread, spawner: Spawner, argument: number): number {
  const { kernel, process } = thread;
  const { words } = kernel;
  lock(words, process + PROCESS.SPAWN_LOCK, thread.owner);
  try {
    if (Atomics.load(words, process + PROCESS.LIVE) >= words[process + PROCESS.LIVE_LIMIT]!)
      return -Errno.AGAIN;
    const record = claimThread(kernel, process);
    if (record === 0) return -Errno.AGAIN;
    const tid = nextId(kernel);
    words[record + THREAD.TID] = tid;
    const live = Atomics.add(words, process + PROCESS.LIVE, 1) + 1;
    const submission = submit(spawner.pool, [THREAD_TASK, spawner.key, record, argument, 0, spawner.serial]);
    if (submission === 'full' || submission === 'closed') {
      Atomics.sub(words, process + PROCESS.LIVE, 1);
      releaseThread(kernel, record, thread.owner);
      returnId(kernel, tid);
      // It may have been asked to look at the process's signals meanwhile.
      if (Atomics.load(words, process + PROCESS.PENDING) !== 0) askThread(words, thread.record);
      return -Errno.AGAIN;
    }
    words[process + PROCESS.PEAK_LIVE] = Math.max(words[process + PROCESS.PEAK_LIVE]!, live);
    words[process + PROCESS.SPAWNED]!++;
    if (submission === 'grow') spawner.requestGrowth();
    return tid;
  } finally {
    unlock(words, process + PROCESS.SPAWN_LOCK);
  }
}

/** The guest gets AGAIN; the first time, the operator is told what raises the limit. */
function refuse(thread: GuestThread, spawner: Spawner): number {
  const { words } = thread.kernel;
  if (Atomics.add(words, thread.process + PROCESS.REFUSED, 1) === 0) {
    const threads = words[thread.process + PROCESS.LIVE_LIMIT]!;
    const workers = spawner.pool[POOL.MAX]!;
    const limit =
      workers < threads
        ? `the pool's limit of ${workers} workers is reached, thread-spawn answers EAGAIN; raise it with maxSize`
        : `the limit of ${threads} threads is reached, thread-spawn answers EAGAIN; raise it with --max-threads`;
    thread.view.link.post({ type: 'notice', text: limit });
  }
  return -Errno.AGAIN;
}
