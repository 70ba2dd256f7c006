/**
 * Stack and thread-local storage of a new thread (ABI §4.1, §4.6). libc's `wasi_thread_start` sets both from the start
 * struct by itself, and then the host must not. For modules whose entry is plain code, recognised by their exporting
 * the mutable `__stack_pointer` and `__tls_base`, the host does it from the same struct: through `__wasm_init_tls`,
 * which also copies the initial values, where the module exports it.
 */
import { threadStart } from '../../abi/structs.js';
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';

/** The exports by which the host sets up a thread. */
export interface StackExports {
  readonly stackPointer: WebAssembly.Global;
  readonly tlsBase: WebAssembly.Global;
  readonly initTls: CallableFunction | undefined;
}

/** A mutable i32 global among the exports. */
function mutableGlobal(exports: WebAssembly.Exports, name: string): WebAssembly.Global | undefined {
  const value = exports[name];
  return value instanceof WebAssembly.Global && typeof value.value === 'number' ? value : undefined;
}

/** Those of an instance; undefined where its entry sets up threads by itself. */
export function stackExports(exports: WebAssembly.Exports): StackExports | undefined {
  const stackPointer = mutableGlobal(exports, '__stack_pointer');
  const tlsBase = mutableGlobal(exports, '__tls_base');
  if (!stackPointer || !tlsBase) return undefined;
  const { __wasm_init_tls: initTls } = exports;
  return { stackPointer, tlsBase, initTls: typeof initTls === 'function' ? initTls : undefined };
}

/** Sets the stack pointer and the thread-local storage of a fresh instance from the start struct at `start`. */
export function prepareStack(
  memory: GuestMemory,
  { stackPointer, tlsBase, initTls }: StackExports,
  start: number,
): void {
  // An opaque start argument points at something else than a start struct, or nowhere.
  if (start === 0 || start % 4 !== 0 || !memory.holds(start, threadStart.size)) return;
  const { words } = memory;
  const at = (start >>> 0) / 4;
  const stack = words[at + threadStart.at.stack / 4]!;
  const tls = words[at + threadStart.at.tlsBase / 4]!;
  if (stack === 0 || tls === 0 || ((stack | tls) & 3) !== 0) return;
  if (!memory.holds(Math.max(stack >>> 0, tls >>> 0), 0)) return;
  stackPointer.value = stack | 0;
  if (initTls) initTls(tls | 0);
  else tlsBase.value = tls | 0;
}
