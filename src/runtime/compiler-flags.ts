/**
 * The choice between V8's two wasm compilers, for the whole process. The baseline compiler starts at once
 * but leaves a hot loop in a function that is called once twice as slow for ever, since V8 does not replace code on the
 * stack; and in V8 11.3 it miscompiles atomic waits. The optimizing one costs time at start-up for every function.
 */
import { v8Module } from '../kernel/builtin-modules.js';

/** Code up to this size takes the optimizing compiler a few milliseconds; the 25 KB of a libc program take 50. */
const SMALL_CODE_BYTES = 8192;

/**
 * From this version on V8's optimizing compiler relies on what the baseline compiler has noted about calls, and ends the
 * whole process when there was no baseline code. The choice is left to V8 there.
 */
const FIRST_V8_WITHOUT = 14;

let chosen = false;

/** Has all modules compiled from now on by the optimizing compiler, if `codeBytes` is small. */
export function preferOptimizingCompiler(codeBytes: number): void {
  const v8 = Number.parseInt(process.versions.v8, 10);
  if (chosen || codeBytes > SMALL_CODE_BYTES || v8 >= FIRST_V8_WITHOUT) return;
  chosen = true;
  v8Module().setFlagsFromString('--no-liftoff');
}
