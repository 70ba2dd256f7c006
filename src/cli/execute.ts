import type { RunOptions } from '../api/options.js';
import type { StartedRun } from '../api/run.js';
import { settingsFor } from '../api/settings.js';
import type { WaitingWorker } from '../pool/waiting-worker.js';
import { canRunInline } from '../runtime/host/inline-choice.js';
import type { RunResult } from '../runtime/host/run-result.js';
import { checkEntry, loadModule, type ModuleSource } from '../runtime/load.js';
import type { ThreadPool } from '../runtime/thread-pool.js';
import type { Ways } from './parts.js';

/** A run for the CLI; one that was not `started` on workers is over already. */
export interface Execution {
  readonly result: Promise<RunResult>;
  readonly started?: StartedRun;
}

/**
 * Runs a program for a process that has nothing else to do: on this very thread if the program has no threads, which
 * saves the start of a worker; else as `start` does. What only workers need is loaded only then.
 */
export async function execute(
  source: ModuleSource,
  options: RunOptions,
  { inline, pooled }: Ways,
  worker?: WaitingWorker,
): Promise<Execution> {
  let pool: ThreadPool | undefined;
  // A worker boots while the module is compiled, if none does so already.
  const threaded = () => {
    pool = pooled().openPool(options, worker);
  };
  const loaded = loadModule(source, { optimize: options.optimize, alone: true, threaded });
  const settings = settingsFor(loaded, options);
  checkEntry(loaded, settings.entry);
  if (canRunInline(loaded, settings)) {
    return { result: Promise.resolve(inline().runInline(loaded, settings)) };
  }
  pool ??= pooled().openPool(options, worker);
  const started = await pooled().startLoaded(loaded, options, pool);
  return { result: started.result, started };
}
