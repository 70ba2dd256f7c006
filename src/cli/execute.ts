import type { RunOptions } from '../api/options.js';
import type { StartedRun } from '../api/run.js';
import { canRunInline, runInline } from '../runtime/host/inline-run.js';
import { checkEntry, loadModule, type ModuleSource, type OptimizeSetting } from '../runtime/load.js';

/** A run for the CLI; one without `kill` is over already. */
export type Execution = Pick<StartedRun, 'result'> & Partial<StartedRun>;

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
): Promise<Execution> {
  const loaded = loadModule(source, { optimize });
  const settings = settingsFor(loaded, options);
  checkEntry(loaded, settings.entry);
  if (canRunInline(loaded, settings)) return { result: Promise.resolve(runInline(loaded, settings)) };
  return pooledPart().startLoaded(loaded, options);
}
