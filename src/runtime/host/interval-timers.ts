/**
 * The clock of the guests' interval timers: the host's event loop, with one timer of Node's for each process, set for
 * what expires next. Who talks to whom: a guest thread sets its timers in kernel memory and posts a message; nobody waits.
 */
import { monotonic, sendExpired } from '../../kernel/signals/interval-timers.js';
import type { Sender } from '../../kernel/signals/post.js';

const NS_PER_MS = 1_000_000n;
/** The longest time that a timer of Node's takes. A later one is looked at again then. */
const MOST_MILLISECONDS = 0x7fff_ffffn;

export class IntervalTimers {
  readonly #sender: Sender;
  readonly #waiting = new Map<number, NodeJS.Timeout>();
  #closed = false;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /**
   * Sends the signals of the timers of `process` that have expired and waits for the next. For a process that is over
   * that is the last that is heard of it; a record that has become another process's has that one's timers.
   */
  serve(process: number): void {
    clearTimeout(this.#waiting.get(process));
    this.#waiting.delete(process);
    if (this.#closed) return;
    const next = sendExpired(this.#sender, process);
    if (next === undefined) return;
    const waiting = this.#at(next, () => this.serve(process));
    this.#waiting.set(process, waiting);
  }

  /** It does not keep Node alive: while the program runs, its pool does. */
  #at(time: bigint, serve: () => void): NodeJS.Timeout {
    const left = time - monotonic();
    // Rounded up: Node rounds down, and would come a millisecond early.
    const milliseconds = left <= 0n ? 0n : (left + NS_PER_MS - 1n) / NS_PER_MS;
    const delay = milliseconds < MOST_MILLISECONDS ? milliseconds : MOST_MILLISECONDS;
    return setTimeout(serve, Number(delay)).unref();
  }

  /** Stops the clock, at the end of the run. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting.values()) clearTimeout(waiting);
    this.#waiting.clear();
  }
}
