import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModuleError } from '../../../../src/runtime/binary/module-error.js';
import { readModuleShape } from '../../../../src/runtime/binary/module-shape.js';
import { type OutlinedWaits, outlineAtomicWaits } from '../../../../src/runtime/binary/outline-waits.js';
import { readSections, sectionId } from '../../../../src/runtime/binary/reader.js';
import { startExport, waitTableExport } from '../../../../src/runtime/binary/wait-function.js';
import {
  exportEntry,
  functionType,
  i32,
  i64,
  importEntry,
  moduleOf,
  sharedMemoryImport,
  waitOnParameters,
} from './encode.js';

const wait32Type = functionType([i32, i32, i64], [i32]);
const wait64Type = functionType([i32, i64, i64], [i32]);

type Bytes = Uint8Array<ArrayBuffer>;

function outlined(bytes: Bytes): OutlinedWaits & { readonly bytes: Bytes } {
  const result = outlineAtomicWaits(bytes, readModuleShape(bytes));
  if (!result) throw new Error('could not be decoded');
  return { ...result, bytes: result.bytes as Bytes };
}

/** A module with these wait32 offsets and these wait64 offsets, one function each. */
function waiting(offsets32: readonly number[], offsets64: readonly number[] = []): Uint8Array<ArrayBuffer> {
  const bodies = [
    ...offsets32.map((offset) => [0, ...waitOnParameters(1, offset), 0x0b]),
    ...offsets64.map((offset) => [0, ...waitOnParameters(2, offset), 0x0b]),
  ];
  return moduleOf({
    types: [wait32Type, wait64Type],
    imports: [sharedMemoryImport],
    functions: [...offsets32.map(() => 0), ...offsets64.map(() => 1)],
    exports: bodies.map((_, index) => exportEntry(`f${index}`, 0, index)),
    bodies,
  });
}

/** Everything that refers to an index: a start function, elements, exports, globals, names, data. */
const crossReferenced = moduleOf({
  types: [wait32Type, functionType([], []), functionType([], [i32])],
  imports: [sharedMemoryImport, importEntry('env', 'log', [0, 1])],
  functions: [0, 1, 2, 2],
  tables: [[0x70, 0, 4]],
  globals: [[i32, 1, 0x41, 5, 0x0b]],
  exports: [exportEntry('wait', 0, 1), exportEntry('answer', 0, 3), exportEntry('throughTable', 0, 4)],
  start: 2,
  elements: [[0, 0x41, 1, 0x0b, 1, 3]],
  bodies: [
    [0, ...waitOnParameters(1, 4), 0x0b],
    [0, 0x41, 7, 0x24, 0, 0x0b],
    [0, 0x23, 0, 0x0b],
    [0, 0x41, 1, 0x11, 2, 0, 0x0b],
  ],
  data: [[1, 1, 9]],
  custom: [{ name: 'name', content: [1, 5, 1, 1, 2, 0x68, 0x69] }],
});

describe('outlining atomic waits', () => {
  it('gives a valid module with one function for each form', () => {
    const bytes = waiting([0, 4, 0, 300], [0, 8, 8]);
    const result = outlined(bytes);
    expect(result).toMatchObject({ replaced: 7, left: 0 });
    expect(WebAssembly.validate(result.bytes)).toBe(true);
    expect(readModuleShape(result.bytes).definedFunctions).toBe(7 + 3 + 2);
  });

  it('adds the export of the table and nothing else to what the module shows', () => {
    const names = WebAssembly.Module.exports(new WebAssembly.Module(outlined(waiting([0])).bytes));
    expect(names).toEqual([
      expect.objectContaining({ name: 'f0', kind: 'function' }),
      expect.objectContaining({ name: waitTableExport, kind: 'table' }),
    ]);
  });

  it('shifts no index: start, elements, exports and globals mean what they meant', () => {
    const { bytes, replaced } = outlined(crossReferenced);
    expect(replaced).toBe(1);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      env: { memory, log: () => 0 },
    });
    (exports[startExport] as () => void)();
    expect((exports.answer as () => number)()).toBe(7);
    expect((exports.throughTable as () => number)()).toBe(7);
    const waitOn = exports.wait as (addr: number, expected: number, timeout: bigint) => number;
    expect(waitOn(0, 1, 0n)).toBe(1);
    expect(waitOn(0, 0, 0n)).toBe(2);
  });

  it('keeps every byte of the code in its place, and of the sections it does not extend', () => {
    const before = readModuleShape(crossReferenced);
    const { bytes } = outlined(crossReferenced);
    const after = readModuleShape(bytes);
    expect(after.customSections.map(({ name, byteLength }) => [name, byteLength])).toEqual([['name', 7]]);
    expect(after).toMatchObject({
      types: expect.arrayContaining([...before.types]),
      imports: before.imports,
    });
    const [oldCode, newCode] = [crossReferenced, bytes].map((module) => {
      const { start, end } = readSections(module).find(({ id }) => id === sectionId.code)!;
      return module.subarray(start + 1, end);
    });
    const changed = [...oldCode!.keys()].filter((at) => oldCode![at] !== newCode![at]);
    const wait = Buffer.from(oldCode!).indexOf(Buffer.from([0xfe, 1, 2, 4]));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.filter((at) => at < wait || at >= wait + 4)).toEqual([]);
  });

  it('makes the sections a module lacks, in their order', () => {
    const bytes = moduleOf({
      types: [functionType([], [])],
      functions: [0],
      memories: [[3, 1, 1]],
      bodies: [[0, 0x41, 0, 0x41, 1, 0x42, 0, 0xfe, 1, 2, 0, 0x1a, 0x0b]],
    });
    const result = outlined(bytes);
    expect(result.replaced).toBe(1);
    expect(WebAssembly.validate(result.bytes)).toBe(true);
  });

  it('finds a wait whose opcode is written in more bytes than it needs', () => {
    const code = [0x20, 0, 0x20, 1, 0x20, 2, 0xfe, 0x81, 0x80, 0x00, 2, 0, 0x0b];
    const bytes = moduleOf({
      types: [wait32Type],
      imports: [sharedMemoryImport],
      functions: [0],
      bodies: [[0, ...code]],
    });
    expect(WebAssembly.validate(bytes)).toBe(true);
    const result = outlined(bytes);
    expect(result.replaced).toBe(1);
    expect(WebAssembly.validate(result.bytes)).toBe(true);
  });

  it('leaves the module given untouched', () => {
    const bytes = waiting([0]);
    const copy = bytes.slice();
    outlined(bytes);
    expect(bytes).toEqual(copy);
  });

  it('takes no constant that looks like a wait for one, and gives the same bytes back', () => {
    const bytes = moduleOf({
      types: [functionType([], [i32])],
      imports: [sharedMemoryImport],
      functions: [0],
      bodies: [[0, 0x43, 0xfe, 0x01, 0x02, 0x00, 0x1a, 0x41, 0, 0x0b]],
    });
    expect(WebAssembly.validate(bytes)).toBe(true);
    const result = outlined(bytes);
    expect(result.replaced).toBe(0);
    expect(result.bytes).toBe(bytes);
  });

  it('gives the same bytes back when no memory is shared', () => {
    const bytes = moduleOf({ memories: [[1, 1, 1]] });
    expect(outlined(bytes)).toEqual({ bytes, replaced: 0, left: 0 });
  });

  it('leaves waits on 64-bit memories, and says how many', () => {
    const bytes = moduleOf({
      types: [functionType([], [])],
      memories: [[7, 1, 1]],
      functions: [0],
      bodies: [[0, 0x42, 0, 0x41, 1, 0x42, 0, 0xfe, 1, 2, 0, 0x1a, 0x0b]],
    });
    const result = outlined(bytes);
    expect(result).toMatchObject({ replaced: 0, left: 1 });
    expect(result.bytes).toBe(bytes);
  });

  it('answers undefined when a body that may wait cannot be decoded', () => {
    const bytes = moduleOf({
      types: [wait32Type],
      imports: [sharedMemoryImport],
      functions: [0],
      bodies: [[0, ...waitOnParameters(1, 0), 0x27, 0x0b]],
    });
    expect(outlineAtomicWaits(bytes, readModuleShape(bytes))).toBeUndefined();
  });

  it('answers undefined when the name of the table is taken', () => {
    const once = outlined(waiting([0])).bytes;
    expect(outlineAtomicWaits(once, readModuleShape(once))).toBeUndefined();
  });
});

describe('any module', () => {
  const offset = fc.oneof(fc.nat(300), fc.nat(0xffff_ffff));

  it('stays valid, whatever forms of wait it has', () => {
    fc.assert(
      fc.property(
        fc.array(offset, { maxLength: 6 }),
        fc.array(offset, { maxLength: 6 }),
        (offsets32, offsets64) => {
          const bytes = waiting(offsets32, offsets64);
          const result = outlined(bytes);
          expect(result.replaced).toBe(offsets32.length + offsets64.length);
          expect(WebAssembly.validate(result.bytes)).toBe(true);
        },
      ),
    );
  });

  it('that is valid stays valid when bytes of it are changed; none makes it throw', () => {
    const change = fc.tuple(fc.nat(crossReferenced.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = crossReferenced.slice();
        for (const [at, value] of changes) bytes[at] = value;
        let result: OutlinedWaits | undefined;
        try {
          result = outlineAtomicWaits(bytes, readModuleShape(bytes));
        } catch (error) {
          if (!(error instanceof ModuleError)) throw error;
        }
        if (result && WebAssembly.validate(bytes))
          expect(WebAssembly.validate(result.bytes as Bytes)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
