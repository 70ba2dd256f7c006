/** Which bytes of guest memory a call may write to, from its description and its arguments. */
import { wasmType } from '../../src/abi/call.js';
import { paramType } from '../../src/abi/param-types.js';
import type { Argument, RandomCall } from './calls.js';
import { MEMORY_END, type Zone } from './guest-map.js';

/** Room that a bare pointer names, in bytes: no argument of a fuzzed guest, nor its environment, is longer. */
const BARE = 256;
/** What is asked for without a count has no more elements than this: the dispositions of all signals. */
const UNCOUNTED = 31;

/** The bytes that `made` may write to; `memory` is as the call finds it. */
export function writtenBy(made: RandomCall, memory: DataView): Zone[] {
  const { call, args } = made;
  const values = args.map((arg) => numberOf(arg, memory));
  const spans: Zone[] = [];
  let at = 0;
  for (const [, type] of call.params) {
    const { wasm, direction } = paramType(type);
    const pointer = values[at]!;
    const second = values[at + 1] ?? 0;
    at += wasm.length;
    if (direction === 'in') continue;
    spans.push(...spansOf(type, pointer, { second, last: countAfter(made, values, memory), memory }));
  }
  // Of a length that reaches out of memory, the call may use what is in memory.
  return spans
    .map(({ start, end }) => ({ start, end: Math.min(end, MEMORY_END) }))
    .filter(({ start, end }) => start < end);
}

interface Sizes {
  /** The second wasm parameter of a pair. */
  readonly second: number;
  /** The count that follows an array. */
  readonly last: number;
  readonly memory: DataView;
}

function spansOf(type: Parameters<typeof paramType>[0], pointer: number, sizes: Sizes): Zone[] {
  const { form, struct, bits = 0, wasm } = paramType(type);
  const { second, last, memory } = sizes;
  switch (form) {
    case 'scalar':
      return [span(pointer, bits / 8)];
    case 'struct':
      return [span(pointer, struct!.size)];
    case 'bytes':
      return [span(pointer, second)];
    case 'iovecs':
      return buffers(pointer, second, memory);
    case 'array': {
      const count = wasm.length === 2 ? second : last;
      return [span(pointer, struct!.size * count)];
    }
    default:
      return [span(pointer, BARE)];
  }
}

function span(start: number, length: number): Zone {
  return { start, end: start + length };
}

/** The buffers of a list in memory. */
function buffers(pointer: number, count: number, memory: DataView): Zone[] {
  if (pointer + count * 8 > MEMORY_END) return [];
  return Array.from({ length: count }, (_, i) =>
    span(memory.getUint32(pointer + i * 8, true), memory.getUint32(pointer + i * 8 + 4, true)),
  );
}

/** The count of an array that is a later parameter: the one before the last, or the number that the last points at. */
function countAfter({ call }: RandomCall, values: readonly number[], memory: DataView): number {
  if (/^poll_oneoff/.test(call.name)) return values[wasmType(call).params.length - 2]!;
  if (call.params.at(-1)?.[1] !== 'inout.size') return UNCOUNTED;
  const at = values.at(-1)!;
  return at + 4 <= MEMORY_END ? memory.getUint32(at, true) : 0;
}

function numberOf(arg: Argument, memory: DataView): number {
  if (typeof arg === 'bigint') return 0;
  return (typeof arg === 'number' ? arg : memory.getUint32(arg.load, true)) >>> 0;
}
