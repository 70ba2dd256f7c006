/**
 * When the pool gets new workers. A thread that is just ending frees its worker within microseconds, often before the
 * request for a new one arrives; only when nothing else runs is it certain that the task needs one. As long as waiting
 * tasks are taken within one step, there is no need to grow. As long as workers are being released, a task is left to one
 * of them, within a bound; so it is where workers have been used again since the pool grew last, because the one that is
 * due may be held up by its garbage collection.
 *
 * Many workers are created a few at a time, and between them the event loop turns: a program that ends meanwhile takes
 * its pending tasks back, and no worker boots for them.
 */
import { withPool } from './lock.js';
import { POOL } from './pool-memory.js';
import { claimWorker } from './schedule.js';

/** Growth waits for workers being released: in steps of this length, this often at most. */
const RELEASING_MS = 5;
const RELEASING_ROUNDS = 4;
/** Workers created in one turn of the event loop. */
const AT_ONCE = 16;

export class Growth {
  readonly #words: Int32Array;
  readonly #create: (slot: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  /** Workers that may still be created in this turn of the event loop. */
  #left = AT_ONCE;
  #wanted = 0;
  /** Tasks on workers used before, when the pool grew last. */
  #reused = 0;

  constructor(words: Int32Array, create: (slot: number) => void) {
    this.#words = words;
    this.#create = create;
  }

  /** A task found nobody idle: workers are created for those that wait, if not released ones take them first. */
  request(): void {
    const { pending, busy } = this.#look();
    // A released worker has taken the task meanwhile.
    if (pending === 0) return;
    if (busy <= 1) this.now(0);
    else this.#timer ??= this.#later(RELEASING_ROUNDS);
  }

  /** Creates workers for all pending tasks, and until there are `wanted`. */
  now(wanted: number): void {
    this.#wanted = Math.max(this.#wanted, wanted);
    while (this.#left > 0) {
      const slot = claimWorker(this.#words, this.#wanted);
      if (slot < 0) {
        this.#wanted = 0;
        return;
      }
      this.#left--;
      this.#reused = Atomics.load(this.#words, POOL.REUSED);
      this.#turn ??= setImmediate(() => this.#nextTurn());
      this.#create(slot);
    }
  }

  /** Resolves when the workers that are wanted now have been created. */
  async done(): Promise<void> {
    while (this.#wanted > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#timer = this.#turn = undefined;
    this.#left = AT_ONCE;
    this.#wanted = 0;
  }

  #nextTurn(): void {
    this.#turn = undefined;
    this.#left = AT_ONCE;
    this.now(0);
  }

  /** Looks again after a step: whether the tasks that wait now have been taken, or a worker for them is on its way. */
  #later(rounds: number): NodeJS.Timeout {
    const before = this.#look();
    return setTimeout(() => {
      this.#timer = undefined;
      const { pending, started, change, reused } = this.#look();
      if (pending === 0) return;
      // Tasks are taken first come, first served, and nobody is idle while some wait.
      const allTaken = started - before.started >= before.pending;
      const releasing = change !== before.change || reused !== this.#reused;
      if (allTaken) this.#timer = this.#later(RELEASING_ROUNDS);
      else if (releasing && rounds > 0) this.#timer = this.#later(rounds - 1);
      else this.now(0);
    }, RELEASING_MS);
  }

  #look(): { pending: number; busy: number; started: number; change: number; reused: number } {
    const words = this.#words;
    return withPool(words, () => ({
      pending: words[POOL.PENDING]!,
      busy: words[POOL.BUSY]!,
      started: words[POOL.STARTED]!,
      change: words[POOL.CHANGE]!,
      reused: words[POOL.REUSED]!,
    }));
  }
}
