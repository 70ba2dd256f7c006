/** The shape in which guest calls are described (`calls/`), and what follows from a description alone. */
import { type ParamType, paramType, type paramTypes, type WasmType } from './param-types.js';

/** What a call is about; the unit of the support table and of trace filters. */
export type Family =
  | 'args'
  | 'environ'
  | 'clock'
  | 'random'
  | 'sched'
  | 'fd'
  | 'path'
  | 'poll'
  | 'epoll'
  | 'thread'
  | 'futex'
  | 'proc'
  | 'signal'
  | 'sock'
  | 'port'
  | 'tty'
  | 'dl'
  | 'dynamic-call'
  | 'context'
  | 'stack';

/** One parameter: its name in traces and its type. It may stand for two wasm parameters. */
export type Param = readonly [name: string, type: ParamType];

/**
 * What a call gives back.
 * - `errno`: an i32 errno.
 * - `tid`: an i32, a thread id above 0 or a negative errno (wasi-threads).
 * - `none`: no wasm result; the call returns.
 * - `noreturn`: no wasm result; the call does not return when it works.
 */
export type CallResult = 'errno' | 'tid' | 'none' | 'noreturn';

/** One guest call. */
export interface CallDescription {
  /** Unique among all calls. Import names are the keys of `namespaces` and may differ (aliases, variants). */
  readonly name: string;
  readonly family: Family;
  readonly params: readonly Param[];
  readonly result: CallResult;
}

/** A wasm function type as guest calls have it. */
export interface WasmFunctionType {
  readonly params: readonly WasmType[];
  readonly results: readonly WasmType[];
}

/** The wasm type a call is imported with. */
export function wasmType(call: CallDescription): WasmFunctionType {
  const returns = call.result === 'errno' || call.result === 'tid';
  return {
    params: call.params.flatMap(([, type]) => paramType(type).wasm),
    results: returns ? ['i32'] : [],
  };
}

/**
 * The wasm type of a call in the notation of ABI Appendix A: `i` and `I` for i32 and i64 parameters, then the
 * result, `–` for none. `fd_seek` gives `'(iIii)→i'`.
 */
export function wasmSignature(call: CallDescription): string {
  const { params, results } = wasmType(call);
  const letters = params.map((type) => (type === 'i64' ? 'I' : 'i')).join('');
  return `(${letters})→${results.length > 0 ? 'i' : '–'}`;
}

type JsValues<T extends readonly WasmType[]> = T extends readonly [
  infer First extends WasmType,
  ...infer Rest extends readonly WasmType[],
]
  ? [First extends 'i64' ? bigint : number, ...JsValues<Rest>]
  : [];

/** The values that JavaScript receives for the parameters `P`: numbers for i32, signed bigints for i64. */
export type CallArguments<P extends readonly Param[]> = P extends readonly [
  readonly [string, infer Type extends ParamType],
  ...infer Rest extends readonly Param[],
]
  ? [...JsValues<(typeof paramTypes)[Type]['wasm']>, ...CallArguments<Rest>]
  : [];

/** The JavaScript function that implements a call. A `noreturn` call may throw to unwind the guest. */
export type CallFunction<C extends CallDescription> = (
  ...args: CallArguments<C['params']>
) => C['result'] extends 'errno' | 'tid' ? number : void;
