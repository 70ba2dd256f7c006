import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModuleError } from '../../../../src/runtime/binary/module-error.js';
import { readModuleShape } from '../../../../src/runtime/binary/module-shape.js';
import { encodedName, unsigned, vector } from '../../../../src/runtime/binary/writer.js';
import { exportEntry, functionType, i32, i64, importEntry, moduleOf, sharedMemoryImport } from './encode.js';

const rich = moduleOf({
  types: [functionType([], []), functionType([i32, i64, 0x7d, 0x7c, 0x6f], [i32]), functionType([i32], [])],
  imports: [
    importEntry('wasi', 'thread-spawn', [0, 1]),
    importEntry('foo', 'bar', [2, 3, 17, ...unsigned(65536)]),
    importEntry('env', 'table', [1, 0x70, 0, 1]),
    importEntry('env', 'sp', [3, i32, 1]),
    importEntry('env', 'tag', [4, 0, 2]),
  ],
  functions: [0, 1],
  tables: [[0x70, 0, 0]],
  exports: [exportEntry('_start', 0, 1), exportEntry('memory', 2, 0), exportEntry('imported', 0, 0)],
  start: 1,
  bodies: [
    [0, 0x0b],
    [0, 0x41, 0, 0x0b],
  ],
  data: [
    [1, 1, 0x61],
    [0, 0x41, 8, 0x0b, 1, 0x62],
  ],
  custom: [
    {
      name: 'target_features',
      content: vector([
        [0x2b, ...encodedName('atomics')],
        [0x2d, ...encodedName('simd128')],
      ]),
    },
    { name: 'producers', content: [0] },
  ],
});

describe('the shape of a module', () => {
  const shape = readModuleShape(rich);

  it('gives each import with the type the JavaScript API hides', () => {
    expect(shape.imports).toEqual([
      { module: 'wasi', name: 'thread-spawn', kind: 'function', type: { params: 'iIfFr', results: 'i' } },
      {
        module: 'foo',
        name: 'bar',
        kind: 'memory',
        limits: { initial: 17, maximum: 65536, shared: true, memory64: false },
      },
      { module: 'env', name: 'table', kind: 'table' },
      { module: 'env', name: 'sp', kind: 'global', global: { type: 'i', mutable: true } },
      { module: 'env', name: 'tag', kind: 'tag' },
    ]);
    expect(shape.memoryImport).toMatchObject({ module: 'foo', name: 'bar' });
  });

  it('resolves the types of exported functions through imports and definitions', () => {
    expect(shape.exports).toEqual([
      { name: '_start', kind: 'function', index: 1, functionType: { params: '', results: '' } },
      { name: 'memory', kind: 'memory', index: 0 },
      { name: 'imported', kind: 'function', index: 0, functionType: { params: 'iIfFr', results: 'i' } },
    ]);
  });

  it('counts functions, tables and data segments, and lists what custom sections say', () => {
    expect(shape).toMatchObject({
      importedFunctions: 1,
      definedFunctions: 2,
      tables: 2,
      dataCount: 2,
      activeDataSegments: 1,
      hasTags: true,
      usesExceptions: true,
      startFunction: 1,
      targetFeatures: ['atomics'],
    });
    expect(shape.codeBytes).toBe(9);
    expect(shape.customSections.map(({ name, byteLength }) => [name, byteLength])).toEqual([
      ['target_features', 19],
      ['producers', 1],
    ]);
    const { start, byteLength } = shape.customSections[1]!;
    expect([...rich.subarray(start, start + byteLength)]).toEqual([0]);
  });

  it('reads what memories are defined, without a maximum and with 64-bit addresses too', () => {
    const { definedMemories, memoryImport } = readModuleShape(
      moduleOf({
        memories: [
          [0, 3],
          [5, 1, 2],
        ],
      }),
    );
    expect(memoryImport).toBeUndefined();
    expect(definedMemories).toEqual([
      { initial: 3, maximum: undefined, shared: false, memory64: false },
      { initial: 1, maximum: 2, shared: false, memory64: true },
    ]);
  });

  it('counts type indices through recursion groups, structs and arrays', () => {
    const group = [0x4e, 2, 0x5f, 2, i32, 1, 0x63, 0, 0, 0x50, 0, 0x5e, 0x78, 1];
    const { types } = readModuleShape(moduleOf({ types: [group, [0x4f, 1, 0, 0x60, 1, 0x64, 0, 0]] }));
    expect(types).toEqual([undefined, undefined, { params: 'r', results: '' }]);
  });

  it('takes a custom section it cannot read for one that says nothing', () => {
    expect(
      readModuleShape(moduleOf({ custom: [{ name: 'target_features', content: [9] }] })).targetFeatures,
    ).toEqual([]);
  });

  it('refuses an export of a function that does not exist', () => {
    expect(() => readModuleShape(moduleOf({ exports: [exportEntry('f', 0, 4)] }))).toThrow(
      'function 4 does not exist',
    );
  });
});

describe('running the start function early', () => {
  const withStart = (start: number, body: readonly number[]) =>
    readModuleShape(
      moduleOf({
        types: [functionType([], [])],
        imports: [importEntry('env', 'f', [0, 0]), sharedMemoryImport],
        functions: [0, 0],
        start,
        bodies: [[0, 0x0b], body],
      }),
    ).startMayBeRunEarly;

  it('is allowed without a start function', () => {
    expect(readModuleShape(moduleOf({})).startMayBeRunEarly).toBe(true);
  });

  it('is allowed when the function only touches memory', () => {
    const guard = [0x41, 0, 0x41, 0, 0x41, 1, 0xfe, 0x48, 2, 0, 0x1a];
    const wait = [0x41, 0, 0x41, 1, 0x42, 0x7f, 0xfe, 0x01, 2, 0, 0x1a];
    expect(withStart(2, [0, ...guard, ...wait, 0x0b])).toBe(true);
  });

  it.each([
    ['calls', [0x10, 0]],
    ['calls through a table', [0x41, 0, 0x11, 0, 0]],
    ['ends in a tail call', [0x12, 0]],
    ['throws', [0x08, 0]],
    ['cannot be decoded', [0x27]],
  ])('is not allowed when the function %s', (_, code) => {
    expect(withStart(2, [0, ...code, 0x0b])).toBe(false);
  });

  it('takes no byte of an immediate for a call', () => {
    expect(withStart(2, [0, 0x41, 0x10, 0x1a, 0x0b])).toBe(true);
  });

  it('is not allowed when the function is imported or missing', () => {
    expect(withStart(0, [0, 0x0b])).toBe(false);
    expect(withStart(9, [0, 0x0b])).toBe(false);
  });
});

describe('any bytes', () => {
  const onlyModuleErrors = (bytes: Uint8Array) => {
    try {
      readModuleShape(bytes);
    } catch (error) {
      if (!(error instanceof ModuleError)) throw error;
    }
  };

  it('give a shape or a ModuleError when they are random after the header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        onlyModuleErrors(bytes);
        onlyModuleErrors(Uint8Array.from([...rich.subarray(0, 8), ...bytes]));
      }),
      { numRuns: 500 },
    );
  });

  it('give a ModuleError wherever a module is cut inside a section', () => {
    for (let length = 0; length < rich.length; length++) onlyModuleErrors(rich.subarray(0, length));
  });

  it('give a shape or a ModuleError when a module is changed in some places', () => {
    const change = fc.tuple(fc.nat(rich.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = rich.slice();
        for (const [at, value] of changes) bytes[at] = value;
        onlyModuleErrors(bytes);
      }),
      { numRuns: 3000 },
    );
  });
});
