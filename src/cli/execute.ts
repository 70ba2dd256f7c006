import type { RunOptions } from '../api/options.js';
import type { StartedRun } from '../api/run.js';
import type { WaitingWorker } from '../pool/waiting-worker.js';
import { canRunInline, runInline } from '../runtime/host/inline-run.js';
import type { RunResult } from '../runtime/host/run-result.js';
import { checkEntry, loadModule, type ModuleSource, type OptimizeSetting } from '../runtime/load.js';
import type { ThreadPool } from '../runtime/thread-pool.js';

/** A run for the CLI; one that was not `started` on workers is over already. */
export interface Execution {
  readonly result: Promise<RunResult>;
  readonly started?: StartedRun;
}

import { settingsFor } from '../api/settings.js';
import { pooledPart } from './parts.js';

/**
 * Runs a program for a process that has nothing else to do: on this very thread if the program has no threads, which
 * saves the start of a worker; else as `start` does. What only workers need is loaded only then.
 */
export async function execute(
  source: ModuleSource,
  optimize: OptimizeSetting,
  options: RunOptions,
  worker?: WaitingWorker,
): Promise<Execution> {
  let pool: ThreadPool | undefined;
  // A worker boots while the module is compiled, if none does so already.
  const threaded = () => {
    pool = pooledPart().openPool(options, worker);
  };
  const loaded = loadModule(source, { optimize, threaded });
  const settings = settingsFor(loaded, options);
  checkEntry(loaded, settings.entry);
  if (canRunInline(loaded, settings)) return { result: Promise.resolve(runInline(loaded, settings)) };
  const started = await pooledPart().startLoaded(loaded, options, pool);
  return { result: started.result, started };
}
