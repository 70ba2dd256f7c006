/** When idle workers end: above the core after `keepAlive`, all of them once the pool is closed. */
import { POOL } from './pool-memory.js';
import { retireWorker } from './schedule.js';
import { monotonicMilliseconds } from './worker-loop.js';

/** The shortest time between two looks at who has been idle for long, in milliseconds. */
const LEAST_MS = 10;
/** The longest time that a timer takes. */
const LONGEST_MS = 0x7fff_ffff;

export class Retirement {
  readonly #words: Int32Array;
  readonly #coreSize: number;
  readonly #keepAlive: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(words: Int32Array, coreSize: number, keepAlive: number) {
    this.#words = words;
    this.#coreSize = coreSize;
    this.#keepAlive = keepAlive;
  }

  /** Looks now and then as long as there are more workers than the core. Does not keep Node alive. */
  schedule(): void {
    if (this.#timer || this.#words[POOL.LIVE]! <= this.#coreSize) return;
    const look = () => {
      this.#timer = undefined;
      this.retire(this.#keepAlive);
      this.schedule();
    };
    this.#timer = setTimeout(look, Math.min(Math.max(LEAST_MS, this.#keepAlive / 2), LONGEST_MS)).unref();
  }

  /** Ends the workers that have been idle for `idleFor` milliseconds and are not kept. */
  retire(idleFor: number): void {
    const now = monotonicMilliseconds();
    const keep = this.#words[POOL.CLOSED] === 1 ? 0 : this.#coreSize;
    while (retireWorker(this.#words, keep, (since) => ((now - since) | 0) >= idleFor) >= 0);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
