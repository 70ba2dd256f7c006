/**
 * Compiling a module by V8's optimizing compiler from the start. The baseline compiler, which V8 begins with, is done at
 * once, but leaves a loop in a function that is called once several times slower for ever, since V8 does not replace
 * code on the stack; and in V8 11.3 it miscompiles atomic waits.
 *
 * What chooses are flags of the whole process. They are set for as long as the compilation takes: V8 accepts no code
 * cache that was made under other flags, not even Node's own, so that a worker that boots meanwhile takes twice as long.
 */
import { v8Module } from '../kernel/builtin-modules.js';

/**
 * `small`: code of up to {@link SMALL_CODE_BYTES}; `always`: any.
 */
export type OptimizeSetting = 'small' | 'always';

/** Code up to this size takes some 5 ms; the 25 KB of a libc program take 20. */
const SMALL_CODE_BYTES = 8192;

/** Flags to clear: without lazy compilation, functions are compiled now and not when they are called. */
const FLAGS = ['wasm-lazy-compilation', 'wasm-dynamic-tiering', 'liftoff'] as const;

/**
 * From this version on inlining relies on what baseline code has noted about calls, and ends the whole process when there
 * is none. Clearing its flags could do the same to a thread that compiles meanwhile.
 */
const FIRST_V8_TO_RELY = 14;
const INLINING_FLAGS = ['wasm-inlining-call-indirect', 'wasm-inlining'] as const;

/** Whether a module with `codeBytes` of code is to be optimized. */
export function isToOptimize(setting: OptimizeSetting | undefined, codeBytes: number): boolean {
  return setting === 'always' || (setting === 'small' && codeBytes <= SMALL_CODE_BYTES);
}

/**
 * Compiles the module by the optimizing compiler. Where that can only be done while no other thread of the process has to
 * do with wasm, and the caller does not know it is `alone`, by the compiler of V8's choice.
 */
export function compileOptimized(bytes: Uint8Array, alone: boolean): WebAssembly.Module {
  const relies = Number.parseInt(process.versions.v8, 10) >= FIRST_V8_TO_RELY;
  if (relies && !alone) return new WebAssembly.Module(bytes);
  const restore = clearFlags(relies ? [...INLINING_FLAGS, ...FLAGS] : FLAGS);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    restore();
  }
}

/** Clears flags of V8. What it answers sets those again that were set. */
function clearFlags(names: readonly string[]): () => void {
  const { setFlagsFromString, cachedDataVersionTag } = v8Module();
  const cleared: string[] = [];
  // V8 tells no flag's value, but a tag that is another one when any flag is.
  let tag = cachedDataVersionTag();
  for (const name of names) {
    setFlagsFromString(`--no-${name}`);
    const next = cachedDataVersionTag();
    if (next !== tag) cleared.unshift(name);
    tag = next;
  }
  return () => {
    for (const name of cleared) setFlagsFromString(`--${name}`);
  };
}
