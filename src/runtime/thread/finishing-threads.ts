import { stopwatch } from '../../kernel/clock.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import { cpuTimeOf } from '../../kernel/threads/os-thread.js';
import { isThreadLeaving, threadsOf } from '../../kernel/threads/thread-record.js';
import { THREAD, WaitKind } from '../../kernel/threads/thread-words.js';

/**
 * Processor time within which a thread that was joined is over. What is left to it takes microseconds, but the engine
 * may choose that moment to collect the garbage of its worker.
 */
const ENDING_NS = 50_000_000;
/** The same in time that passes, where processor time is not known, and as a bound in any case. */
const ENDING_MS = 500;
const BOUND_MS = 5000;

/**
 * Whether threads may be about to end, seen from a spawn at the limit. A guest joins a thread through its own memory,
 * so its next spawn can come before the thread it has joined has let go of its place. A thread that is parked is not
 * ending; one that has run for a while since the spawn began is not either. Processor time counts, not time that
 * passes: on a busy machine a thread may wait long for its last microseconds.
 */
export class FinishingThreads {
  readonly #thread: GuestThread;
  readonly #began = stopwatch();
  /** Processor time of each running thread when the wait began, by record and serial number. */
  readonly #atStart = new Map<string, number | undefined>();

  constructor(thread: GuestThread) {
    this.#thread = thread;
    for (const record of this.#running()) this.#atStart.set(this.#nameOf(record), this.#cpuTime(record));
  }

  /** True while it is worth waiting: some thread may still turn out to be just ending. */
  mayFreeOne(): boolean {
    const waited = stopwatch() - this.#began;
    if (waited >= BOUND_MS) return false;
    // That of a child process, say, which has just been waited for.
    if (isThreadLeaving(this.#thread.kernel)) return true;
    return this.#running().some((record) => this.#mayBeEnding(record, waited));
  }

  #mayBeEnding(record: number, waited: number): boolean {
    const name = this.#nameOf(record);
    if (!this.#atStart.has(name)) return false;
    const [start, now] = [this.#atStart.get(name), this.#cpuTime(record)];
    return start === undefined || now === undefined ? waited < ENDING_MS : now - start < ENDING_NS;
  }

  /** The process's other threads that are not parked. */
  #running(): number[] {
    const { kernel, process, record: own } = this.#thread;
    return threadsOf(kernel, process).filter(
      (record) => record !== own && kernel.words[record + THREAD.WAITING] === WaitKind.NONE,
    );
  }

  #nameOf(record: number): string {
    return `${record}:${this.#thread.kernel.words[record + THREAD.SERIAL]}`;
  }

  #cpuTime(record: number): number | undefined {
    const osThread = this.#thread.kernel.words[record + THREAD.OS_THREAD]!;
    return osThread === 0 ? undefined : cpuTimeOf(osThread);
  }
}
