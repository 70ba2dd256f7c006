import type { RunResult } from '../runtime/host/run-result.js';
import type { ModuleSource } from '../runtime/load.js';
import { LoadError } from '../runtime/load-error.js';
import type { RunOptions } from './options.js';
import type { CompiledModule } from './run.js';
import { supervisor } from './supervisor.js';
import { type Outcome, resultOf } from './supervisor-messages.js';

/** Options of `runSync`: those of `run` with a supervisor. Nobody can abort what blocks everybody: there is `timeout`. */
export type RunSyncOptions = Omit<RunOptions, 'signal' | 'pool' | 'imports'>;

/**
 * Runs a program to its end while the calling thread waits; its threads run all the same, on workers of a supervisor
 * (the option of `run`). Throws LoadError when the program cannot be started.
 *
 * @example
 * const { exitCode, stdout } = runSync('hello-threads.wasm', { args: ['4'], stdout: 'string' });
 */
export function runSync(source: ModuleSource | CompiledModule, options: RunSyncOptions = {}): RunResult {
  if ('signal' in options && options.signal !== undefined) {
    throw new LoadError('bad-option', 'signal cannot be given to runSync', 'give timeout instead');
  }
  let outcome: Outcome | undefined;
  const over = (how: Outcome) => {
    outcome = how;
  };
  const at = supervisor();
  const id = at.start(source, options, { notice: options.onNotice, over, awaited: false });
  try {
    at.waitUntil(() => outcome !== undefined);
  } finally {
    // What `onNotice` throws is thrown here, and nobody waits for the program any longer.
    if (!outcome) at.stop(id);
  }
  return resultOf(outcome!);
}
