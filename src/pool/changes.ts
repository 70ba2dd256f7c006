/** The host's waits for a pool: for its next change, and keeping Node alive meanwhile, which workers do not. */
import { POOL } from './pool-memory.js';

/** The longest time a timer takes, in milliseconds. */
const LONGEST_MS = 0x7fff_ffff;

export class Changes {
  readonly #words: Int32Array;
  readonly #exits = new Set<() => void>();
  #holds = 0;
  #holder: NodeJS.Timeout | undefined;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /** Counts changes: to be read before the look that decides to wait, or the change between the two is missed. */
  get seen(): number {
    return Atomics.load(this.#words, POOL.CHANGE);
  }

  /** Keeps the host process alive until the returned function is called. */
  hold(): () => void {
    if (this.#holds++ === 0) this.#holder = setInterval(() => undefined, LONGEST_MS);
    let held = true;
    return () => {
      if (held && --this.#holds === 0) clearInterval(this.#holder);
      held = false;
    };
  }

  /** A worker is gone: everybody who waits looks again. */
  exited(): void {
    for (const wake of this.#exits) wake();
  }

  /** Resolves at the next release of a worker after `seen`, the next exit, or after `timeout` milliseconds. */
  async next(seen: number, timeout = Infinity): Promise<void> {
    const release = this.hold();
    let wake: () => void = () => undefined;
    const exit = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#exits.add(wake);
    const waited = Atomics.waitAsync(this.#words, POOL.CHANGE, seen, Math.min(timeout, LONGEST_MS));
    await Promise.race([waited.value, exit]);
    this.#exits.delete(wake);
    release();
  }
}
