/** Starting guest threads: `thread-spawn` from check to hand-off (ABI §4.1, §4.3). */
import { Errno } from '../../abi/errno.js';
import { lock, unlock } from '../../kernel/memory/lock.js';
import { PROCESS } from '../../kernel/processes/process-record.js';
import { nextId, returnId } from '../../kernel/system.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import { claimThread, threadsOf } from '../../kernel/threads/thread-record.js';
import { THREAD, ThreadState, WaitKind } from '../../kernel/threads/thread-words.js';
import { POOL } from '../../pool/pool-memory.js';
import { submit } from '../../pool/schedule.js';
import { type ProcessImage, THREAD_TASK } from '../image.js';

/**
 * How long a spawn at the limit waits for a thread that runs guest code to turn out to be just ending. A guest joins
 * through its own memory, so its next spawn may come before the joined thread has let go of its worker. When every
 * other thread is parked nothing is waited for.
 */
const FINISHING_MS = 100;

/** What spawning needs of the worker it runs on. */
export interface Spawner {
  readonly pool: Int32Array;
  readonly key: number;
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
  if (!image.memory)
    return 'the module defines its memory and does not import it (link with --import-memory)';
  return thread.memory.shared ? undefined : 'the memory is not shared (link with --shared-memory)';
}

function spawnThread(thread: GuestThread, spawner: Spawner, argument: number): number {
  const deadline = performance.now() + FINISHING_MS;
  for (;;) {
    const seen = Atomics.load(spawner.pool, POOL.CHANGE);
    const result = trySpawn(thread, spawner, argument);
    if (result !== -Errno.AGAIN) return result;
    const left = deadline - performance.now();
    if (left <= 0 || !mayBeFinishing(thread)) return refuse(thread);
    Atomics.wait(spawner.pool, POOL.CHANGE, seen, left);
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
    const submission = submit(spawner.pool, [THREAD_TASK, spawner.key, record, argument]);
    if (submission === 'full' || submission === 'closed') {
      Atomics.sub(words, process + PROCESS.LIVE, 1);
      Atomics.store(words, record + THREAD.STATE, ThreadState.FREE);
      returnId(kernel, tid);
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

/** True while some other thread runs guest code, and so may be about to end. */
function mayBeFinishing(thread: GuestThread): boolean {
  const { words } = thread.kernel;
  return threadsOf(thread.kernel, thread.process).some(
    (record) => record !== thread.record && words[record + THREAD.WAITING] === WaitKind.NONE,
  );
}

/** The guest gets AGAIN; the first time, the operator is told which option raises the limit. */
function refuse(thread: GuestThread): number {
  const { words } = thread.kernel;
  if (Atomics.add(words, thread.process + PROCESS.REFUSED, 1) === 0) {
    const limit = words[thread.process + PROCESS.LIVE_LIMIT]!;
    const text = `the limit of ${limit} threads is reached, thread-spawn answers EAGAIN; raise it with --max-threads`;
    thread.view.link.post({ type: 'notice', text });
  }
  return -Errno.AGAIN;
}
