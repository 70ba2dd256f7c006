import { Signal } from '../abi/signal.js';
import type { WaitingWorker } from '../pool/waiting-worker.js';
import { GuestRun } from '../runtime/host/guest-run.js';
import type { RunResult } from '../runtime/host/run-result.js';
import { namesOf } from '../runtime/host-imports.js';
import type { ListenerAddress } from '../runtime/listener-place.js';
import { checkEntry, isLoaded, type LoadedModule, loadModule, type ModuleSource } from '../runtime/load.js';
import { LoadError } from '../runtime/load-error.js';
import { ThreadPool } from '../runtime/thread-pool.js';
import type { CompileOptions, RunOptions } from './options.js';
import { maxThreadsOf, optimizeOf, settingsFor, toUrl } from './settings.js';
import { runSupervised } from './supervisor.js';

/** A module read, checked and compiled; runs of it start faster. Made by `compile`. */
export type CompiledModule = LoadedModule;

/** Reads, checks and compiles a module once, for many runs. Throws LoadError. */
export function compile(source: ModuleSource, options: CompileOptions = {}): CompiledModule {
  return loadModule(source, { optimize: optimizeOf(options) });
}

/** A run under way, and what reaches it. */
export interface StartedRun {
  readonly result: Promise<RunResult>;
  /** Where its listeners are, in the order of the option; resolves before the program starts. */
  readonly listening: Promise<readonly ListenerAddress[]>;
  /** Ends it as the signal would, for certain: no handler is called. */
  kill(signal: number): void;
  /** Sends the signal to the program in the foreground: to its handler if it has one; else it does what it does by default. */
  deliver(signal: number): void;
  /** Puts the terminal back into the state it was found in, for who ends the host process without Node's `exit` event. */
  restoreTerminal(): void;
}

/** Starts a program and answers at once. The run's own pool, if it has one, ends with it. */
export async function start(source: ModuleSource | CompiledModule, options: RunOptions): Promise<StartedRun> {
  if (options.supervisor !== undefined) {
    throw new LoadError(
      'bad-option',
      'supervisor is an option of run alone',
      'its program is out of reach until its end',
    );
  }
  if (isLoaded(source)) return startLoaded(source, options);
  const optimize = optimizeOf(options);
  return startLoaded(loadModule(source, { offered: await offeredBy(options), optimize }), options);
}

/** Starts a loaded program; on the pool `given`, which the caller ends, or else on one that ends with the run. */
export async function startLoaded(
  loaded: LoadedModule,
  options: RunOptions,
  given: ThreadPool | undefined = options.pool,
): Promise<StartedRun> {
  const settings = settingsFor(loaded, options);
  checkEntry(loaded, settings.entry);
  const pool = given ?? ownPool(options);
  try {
    if (options.coreThreads) await pool.warm(options.coreThreads);
    const guest = new GuestRun(loaded, pool, settings);
    const abort = () => guest.kill(Signal.TERM);
    options.signal?.addEventListener('abort', abort, { once: true });
    if (options.signal?.aborted) abort();
    const result = guest.result.finally(async () => {
      options.signal?.removeEventListener('abort', abort);
      if (!given) await pool.shutdownJoin(0);
    });
    return {
      result,
      listening: guest.listening,
      kill: (signal) => guest.kill(signal),
      deliver: (signal) => guest.deliver(signal),
      restoreTerminal: () => guest.terminal.restore(),
    };
  } catch (error) {
    if (!given) await pool.shutdownJoin(0);
    throw error;
  }
}

/**
 * Makes a pool for a run, with a worker for its main thread: `waiting` if that is given. Where the process ends with the
 * run, nobody need wait for its workers.
 */
export function openPool(options: RunOptions, waiting?: WaitingWorker): ThreadPool {
  const pool = ownPool(options);
  if (waiting) pool.takeOver(waiting);
  // Why a worker could not be had is told when there is a task for it.
  pool.warm(1).catch(() => undefined);
  return pool;
}

function ownPool(options: RunOptions): ThreadPool {
  const { coreThreads = 0, keepAlive } = options;
  const maxThreads = maxThreadsOf(options);
  const sizes = { coreSize: Math.min(coreThreads, maxThreads), maxSize: maxThreads };
  return new ThreadPool(keepAlive === undefined ? sizes : { ...sizes, keepAlive });
}

/** Names of the imports that the caller and the module at `threadImports` provide. */
async function offeredBy({ imports, threadImports }: RunOptions): Promise<ReadonlySet<string>> {
  const names = namesOf(imports ?? {});
  if (threadImports === undefined) return new Set(names);
  const loaded = (await import(toUrl(threadImports))) as Record<string, Record<string, unknown>>;
  return new Set([...names, ...namesOf(loaded)]);
}

/**
 * Runs a program to its end. The promise resolves however the program ends, and the host process is never ended; it
 * rejects with LoadError when the program cannot be started.
 *
 * @example
 * const { exitCode, stdout } = await run('hello.wasm', { args: ['world'], stdout: 'string' });
 */
export async function run(
  source: ModuleSource | CompiledModule,
  options: RunOptions = {},
): Promise<RunResult> {
  if (options.supervisor !== undefined) return runSupervised(source, options);
  const { result } = await start(source, options);
  return result;
}
