/**
 * The choice between V8's two wasm compilers, for the whole process. The baseline compiler starts at once
 * but leaves a hot loop in a function that is called once twice as slow for ever, since V8 does not replace code on the
 * stack; and in V8 11.3 it miscompiles atomic waits. The optimizing one costs time at start-up for every function.
 */
import { saveCodeCaches } from '../boot/load-bundle.js';
import { v8Module, workerThreadsModule } from '../kernel/builtin-modules.js';

/** Code up to this size takes the optimizing compiler a few milliseconds; the 25 KB of a libc program take 50. */
const SMALL_CODE_BYTES = 8192;

/**
 * From this version on V8's optimizing compiler relies on what the baseline compiler has noted about calls, and ends the
 * whole process when there was no baseline code. The choice is left to V8 there.
 */
const FIRST_V8_WITHOUT = 14;

/** What preferring the optimizing compiler is called in the names of code caches (boot/load-bundle.ts). */
const OPTIMIZING = 'no-liftoff';

/** Under what workers find it. */
const ENVIRONMENT_KEY = 'wasix-run:compiler-flags';

let chosen = false;

/** Has all modules compiled from now on by the optimizing compiler, if `codeBytes` is small. */
export function preferOptimizingCompiler(codeBytes: number): void {
  const v8 = Number.parseInt(process.versions.v8, 10);
  if (chosen || codeBytes > SMALL_CODE_BYTES || v8 >= FIRST_V8_WITHOUT) return;
  chosen = true;
  saveCodeCaches();
  v8Module().setFlagsFromString(`--${OPTIMIZING}`);
  workerThreadsModule().setEnvironmentData(ENVIRONMENT_KEY, OPTIMIZING);
}

/** Names what this thread has chosen; '' where V8 has. */
export function chosenFlags(): string {
  return chosen ? OPTIMIZING : '';
}

/** The same in a worker, of what was chosen before it was created. */
export function inheritedFlags(): string {
  return (workerThreadsModule().getEnvironmentData(ENVIRONMENT_KEY) as string | undefined) ?? '';
}
