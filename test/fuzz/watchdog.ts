/**
 * Ends a process whose main thread is blocked: its timers, by which a run that hangs is told, do not fire then.
 */
import { Worker } from 'node:worker_threads';

/** The main thread is never this long without a turn of its event loop. */
const BLOCKED_MS = 60_000;
const BEAT_MS = 500;

const script = `
  const { writeSync } = require('node:fs');
  const { workerData: words } = require('node:worker_threads');
  let seen = -1;
  let since = performance.now();
  setInterval(() => {
    const beat = Atomics.load(words, 0);
    if (beat !== seen) {
      seen = beat;
      since = performance.now();
    } else if (performance.now() - since > ${BLOCKED_MS}) {
      writeSync(2, 'the main thread has been blocked for ${BLOCKED_MS} ms, since seed ' + (words[1] >>> 0) + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }
  }, ${BEAT_MS});`;

export class Watchdog {
  readonly #words = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker = new Worker(script, { eval: true, workerData: this.#words });
  readonly #heart = setInterval(() => Atomics.add(this.#words, 0, 1), BEAT_MS);

  /** What it is to tell is under way. */
  begin(seed: number): void {
    this.#words[1] = seed;
  }

  async end(): Promise<void> {
    clearInterval(this.#heart);
    await this.#worker.terminate();
  }
}
