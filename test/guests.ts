/** Running the programs of fixtures/ in tests, each within a deadline. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type CompiledModule, compile, type RunOptions, type RunResult, run } from '../src/index.js';
import { ObservedPool } from './observed-pool.js';

/** Path of the program `fixtures/{name}.wasm`. */
export function guestPath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}.wasm`, import.meta.url));
}

const compiled = new Map<string, CompiledModule>();

/** The program `fixtures/{name}.wasm`, compiled once. */
export function guest(name: string): CompiledModule {
  const known = compiled.get(name) ?? compile(guestPath(name));
  compiled.set(name, known);
  return known;
}

/** Fails after `deadline` milliseconds, saying what each guest thread on `pool` is doing. */
export async function within<T>(deadline: number, pool: ObservedPool, result: Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const late = pause(deadline, undefined, { signal: waiting.signal }).then(() => {
    throw new Error(`not over after ${deadline} ms\n${pool.describe()}`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([result, late]);
  } finally {
    waiting.abort();
  }
}

/** What a run of a test is given: the options of the API, its output collected unless said otherwise. */
export type GuestOptions = Omit<RunOptions, 'pool'> & {
  readonly pool?: ObservedPool;
  readonly deadline?: number;
};

export interface GuestResult extends RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly notices: readonly string[];
}

const DEADLINE_MS = 15_000;

/**
 * Runs the program `fixtures/{name}.wasm`. Without `pool` it has one of its own for the run. When the deadline passes
 * the program is aborted, and the error says what each thread was doing.
 */
export async function runGuest(name: string, options: GuestOptions = {}): Promise<GuestResult> {
  const { deadline = DEADLINE_MS, pool: shared, ...rest } = options;
  const pool =
    shared ?? new ObservedPool({ maxSize: Math.max(rest.maxThreads ?? 1024, rest.coreThreads ?? 0) });
  const notices: string[] = [];
  const abort = new AbortController();
  const result = run(guest(name), {
    stdout: 'string',
    stderr: 'string',
    onNotice: (line) => notices.push(line),
    signal: abort.signal,
    ...rest,
    pool,
  });
  try {
    return { ...(await within(deadline, pool, result)), notices } as GuestResult;
  } catch (error) {
    abort.abort();
    throw error;
  } finally {
    if (!shared) await pool.shutdownJoin(1000);
  }
}
