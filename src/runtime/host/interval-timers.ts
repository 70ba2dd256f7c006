/**
 * The clock of the guests' interval timers: the host's event loop, with one timer of Node's for each process, set for
 * what expires next. Who talks to whom: a guest thread sets its timers in kernel memory and posts a message; nobody waits.
 */
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { monotonic, takeExpired } from '../../kernel/signals/interval-timers.js';
import { type Sender, signalProcess } from '../../kernel/signals/post.js';

const NS_PER_MS = 1_000_000n;
/** The longest time that a timer of Node's takes. A later one is looked at again then. */
const MOST_MILLISECONDS = 0x7fff_ffffn;

export class IntervalTimers {
  readonly #kernel: KernelMemory;
  readonly #sender: Sender;
  readonly #waiting = new Map<number, NodeJS.Timeout>();
  #closed = false;

  constructor(kernel: KernelMemory, sender: Sender) {
    this.#kernel = kernel;
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
    const { signals, next } = takeExpired(this.#kernel, process, HOST_OWNER);
    if (next !== undefined)
      this.#waiting.set(
        process,
        this.#at(next, () => this.serve(process)),
      );
    for (const signal of signals) signalProcess(this.#sender, process, signal);
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
