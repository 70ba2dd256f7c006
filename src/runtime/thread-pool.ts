import type { PoolOptions } from '../pool/pool-options.js';
import { WorkerPool } from '../pool/worker-pool.js';
import { bundledScript } from './bundled-script.js';

/**
 * A pool of workers for guest threads. It can serve many runs at once and outlives them; without one, each run makes
 * its own. Workers are created when they are first needed, or by `warm`, and an idle pool does not keep Node alive.
 *
 * @example
 * const pool = new ThreadPool({ coreSize: 4, maxSize: 64 });
 * await pool.warm();
 * await run('app.wasm', { pool });
 * await pool.shutdownJoin(1000);
 */
export class ThreadPool extends WorkerPool {
  constructor(options: PoolOptions = {}) {
    super(bundledScript('worker.cjs'), options);
  }
}
