import { describe, expect, it } from 'vitest';
import { makeWaitFunctions } from '../../../../src/runtime/binary/host-wait.js';
import { readModuleShape } from '../../../../src/runtime/binary/module-shape.js';
import { outlineAtomicWaits } from '../../../../src/runtime/binary/outline-waits.js';
import { waitTableExport, waitTableSlot } from '../../../../src/runtime/binary/wait-function.js';
import {
  exportEntry,
  functionType,
  i32,
  i64,
  moduleOf,
  sharedMemoryImport,
  waitOnParameters,
} from './encode.js';

type Wait32 = (addr: number, expected: number, timeout: bigint) => number;
type Wait64 = (addr: number, expected: bigint, timeout: bigint) => number;

const page = 65536;
const far = 0xffff_fff0;
const original = moduleOf({
  types: [functionType([i32, i32, i64], [i32]), functionType([i32, i64, i64], [i32])],
  imports: [sharedMemoryImport],
  functions: [0, 0, 1, 0],
  exports: ['wait32', 'wait32at8', 'wait64at16', 'wait32far'].map((name, index) =>
    exportEntry(name, 0, index),
  ),
  bodies: [
    [0, ...waitOnParameters(1, 0), 0x0b],
    [0, ...waitOnParameters(1, 8), 0x0b],
    [0, ...waitOnParameters(2, 16), 0x0b],
    [0, ...waitOnParameters(1, far), 0x0b],
  ],
});

/** An instance of the rewritten module, with host functions that note their arguments. */
function instantiate(install: boolean) {
  const { bytes } = outlineAtomicWaits(original, readModuleShape(original))!;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), {
    env: { memory },
  });
  const calls: unknown[] = [];
  const note = (...values: unknown[]) => {
    calls.push(values);
    return 40 + calls.length;
  };
  if (install) {
    const table = exports[waitTableExport] as WebAssembly.Table;
    const functions = makeWaitFunctions(note, note);
    table.set(waitTableSlot.wait32, functions.wait32);
    table.set(waitTableSlot.wait64, functions.wait64);
  }
  return {
    memory,
    calls,
    wait32: exports.wait32 as Wait32,
    wait32at8: exports.wait32at8 as Wait32,
    wait64at16: exports.wait64at16 as Wait64,
    wait32far: exports.wait32far as Wait32,
  };
}

describe('a wait done by the host', () => {
  it('is given the effective address, the expected value and the time limit, and its answer is the result', () => {
    const { calls, wait32, wait32at8, wait64at16 } = instantiate(true);
    expect(wait32(4, -1, 7n)).toBe(41);
    expect(wait32at8(4, 5, -1n)).toBe(42);
    expect(wait64at16(8, -(2n ** 63n), 2n ** 62n)).toBe(43);
    expect(calls).toEqual([
      [4, -1, 7n],
      [12, 5, -1n],
      [24, -(2n ** 63n), 2n ** 62n],
    ]);
  });

  it('is not asked where the instruction traps: out of bounds, overflowing, misaligned', () => {
    const { calls, wait32, wait32at8, wait64at16, wait32far } = instantiate(true);
    for (const addr of [page, -4, 2, page - 2])
      expect(() => wait32(addr, 0, 0n)).toThrow(WebAssembly.RuntimeError);
    for (const addr of [page - 8, -8, 1])
      expect(() => wait32at8(addr, 0, 0n)).toThrow(WebAssembly.RuntimeError);
    for (const addr of [page - 16, 4])
      expect(() => wait64at16(addr, 0n, 0n)).toThrow(WebAssembly.RuntimeError);
    for (const addr of [0, 16, 32]) expect(() => wait32far(addr, 0, 0n)).toThrow(WebAssembly.RuntimeError);
    expect(calls).toEqual([]);
  });

  it('reaches the last word, and words of pages added later', () => {
    const { calls, memory, wait32 } = instantiate(true);
    wait32(page - 4, 0, 0n);
    memory.grow(1);
    wait32(page, 0, 0n);
    expect(calls).toEqual([
      [page - 4, 0, 0n],
      [page, 0, 0n],
    ]);
  });

  it('passes on what the host throws', () => {
    const { exports } = new WebAssembly.Instance(
      new WebAssembly.Module(
        outlineAtomicWaits(original, readModuleShape(original))!.bytes as Uint8Array<ArrayBuffer>,
      ),
      { env: { memory: new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }) } },
    );
    const reason = new Error('the process ends');
    const functions = makeWaitFunctions(
      () => {
        throw reason;
      },
      () => 0,
    );
    (exports[waitTableExport] as WebAssembly.Table).set(0, functions.wait32);
    expect(() => (exports.wait32 as Wait32)(0, 0, 0n)).toThrow(reason);
  });
});

describe('a wait without a host', () => {
  it('is the instruction: not equal, timed out, trap', () => {
    const { memory, wait32, wait32at8, wait64at16, wait32far } = instantiate(false);
    new Int32Array(memory.buffer)[3] = 6;
    expect(wait32(12, 5, 0n)).toBe(1);
    expect(wait32at8(4, 6, 1000n)).toBe(2);
    expect(wait64at16(0, 1n, 0n)).toBe(1);
    expect(wait64at16(0, 0n, 0n)).toBe(2);
    expect(() => wait32(2, 0, 0n)).toThrow(WebAssembly.RuntimeError);
    expect(() => wait32(page, 0, 0n)).toThrow(WebAssembly.RuntimeError);
    expect(() => wait32far(16, 0, 0n)).toThrow(WebAssembly.RuntimeError);
  });
});
