import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  InstructionReader,
  prefixed,
  visitFunctionBody,
} from '../../../../src/runtime/binary/instructions.js';
import { immediatesOf } from '../../../../src/runtime/binary/opcodes.js';
import { unsigned } from '../../../../src/runtime/binary/writer.js';
import { functionType, i32, moduleOf } from './encode.js';

function opcodesOf(body: readonly number[]): number[] | undefined {
  const opcodes: number[] = [];
  const decoded = visitFunctionBody(Uint8Array.from(body), { start: 0, end: body.length }, ({ opcode }) => {
    opcodes.push(opcode);
  });
  return decoded ? opcodes : undefined;
}

const sample: Readonly<Record<string, readonly number[]>> = {
  u: [0],
  s: [0],
  b: [0x40],
  h: [0x70],
  l: [0, 0],
  v: [1, i32],
  c: [0],
  '1': [0],
  '4': [0, 0, 0, 0],
  '8': [0, 0, 0, 0, 0, 0, 0, 0],
  x: new Array(16).fill(0),
};

/** Encodes an instruction with the immediates the decoder expects of it, all zero. */
function encode(prefix: number, code: number, align: number): number[] | undefined {
  const immediates = immediatesOf(prefix === 0 ? code : prefixed(prefix, code));
  const opcode = prefix === 0 ? [code] : [prefix, ...unsigned(code)];
  if (immediates === undefined) return undefined;
  return [...opcode, ...[...immediates].flatMap((letter) => (letter === 'm' ? [align, 0] : sample[letter]!))];
}

/** Everything an immediate of zero may refer to. `first` is the type of index 0. */
function acceptedBy(first: readonly number[], code: readonly number[]): boolean {
  return WebAssembly.validate(
    moduleOf({
      types: [first, functionType([], [])],
      functions: [1],
      tables: [[0x70, 0, 1]],
      memories: [[3, 1, 1]],
      globals: [[i32, 1, 0x41, 0, 0x0b]],
      elements: [[3, 0, 1, 0]],
      bodies: [[1, 1, i32, 0x00, ...code, 0x00, 0x0b]],
      data: [[1, 0]],
    }),
  );
}

const openers = [0x02, 0x03, 0x04];
const emptyType = functionType([], []);
const structType = [0x5f, 1, i32, 1];

/** Whether the engine takes the instruction with the immediates the decoder expects, in unreachable code. */
function engineAgrees(prefix: number, code: number, first: readonly number[] = emptyType): boolean {
  return [0, 1, 2, 3].some((align) => {
    const encoded = encode(prefix, code, align)!;
    return acceptedBy(first, prefix === 0 && openers.includes(code) ? [...encoded, 0x00, 0x0b] : encoded);
  });
}

/** The same for a branch that carries a reference to the end of a block. */
function branchAgrees(prefix: number, code: number): boolean {
  return acceptedBy(emptyType, [0x02, 0x70, 0x00, ...encode(prefix, code, 0)!, 0x00, 0x0b, 0x1a]);
}

function known(prefix: number, last: number): number[] {
  const codes = Array.from({ length: last + 1 }, (_, code) => code);
  return codes.filter((code) => immediatesOf(prefix === 0 ? code : prefixed(prefix, code)) !== undefined);
}

describe('the immediates of each opcode', () => {
  // Those that stand only in a certain place, or are not in every engine that must run this test.
  const inContext = [0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x18, 0x19, 0x1f];
  const notEverywhere = [0x12, 0x13, 0x14, 0x15, 0xd3, 0xd4, 0xd5, 0xd6];

  it('are those the engine wants, for instructions of one byte', () => {
    const codes = known(0, 255).filter((code) => !inContext.includes(code) && !notEverywhere.includes(code));
    expect(codes.filter((code) => !engineAgrees(0, code))).toEqual([]);
    expect(codes.length).toBeGreaterThan(170);
  });

  it.each([
    ['numeric and bulk', 0xfc, 0x11, []],
    ['atomic', 0xfe, 0x4e, []],
    [
      'vector',
      0xfd,
      0xff,
      [
        0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb, 0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2, 0xd3,
        0xd4, 0xe2, 0xee,
      ],
    ],
  ] as const)('are those the engine wants, for %s instructions', (_, prefix, last, gaps) => {
    const codes = known(prefix, last);
    expect(codes.filter((code) => !engineAgrees(prefix, code))).toEqual(gaps);
    expect(codes.length).toBeGreaterThan(16);
  });

  const hasGarbageCollection = WebAssembly.validate(
    moduleOf({
      types: [structType, functionType([], [])],
      functions: [1],
      bodies: [[0, 0xfb, 0x01, 0, 0x1a, 0x0b]],
    }),
  );

  it.runIf(hasGarbageCollection)('are those the engine wants, for references and garbage collection', () => {
    const packed = 0x78;
    const functionReference = 0x70;
    const structs = [i32, packed].map((field) => [0x5f, 1, field, 1]);
    const arrays = [i32, packed, functionReference].map((element) => [0x5e, element, 1]);
    const types = [emptyType, ...structs, ...arrays];
    const agrees = (prefix: number) => (code: number) =>
      types.some((type) => engineAgrees(prefix, code, type)) || branchAgrees(prefix, code);
    expect(known(0xfb, 0x1e).filter((code) => !agrees(0xfb)(code))).toEqual([]);
    expect(notEverywhere.filter((code) => !agrees(0)(code))).toEqual([]);
  });
});

describe('walking a function body', () => {
  it('gives each instruction once, and takes no immediate for one', () => {
    const code = [
      0x41,
      0xfe,
      0x01,
      0x1a,
      0x42,
      0x90,
      0xfe,
      0x02,
      0x1a,
      0xfd,
      0x0c,
      ...new Array(16).fill(0xfe),
      0x1a,
    ];
    expect(opcodesOf([0, ...code, 0x0b])).toEqual([0x41, 0x1a, 0x42, 0x1a, prefixed(0xfd, 12), 0x1a, 0x0b]);
  });

  it('follows both forms of exception handling', () => {
    const legacy = [0x06, 0x40, 0x07, 0, 0x09, 0, 0x19, 0x0b, 0x06, 0x40, 0x18, 0];
    const current = [0x1f, 0x40, 4, 0, 0, 1, 1, 2, 3, 2, 4, 3, 5, 0x0b];
    expect(opcodesOf([0, ...legacy, ...current, 0x0b])).toEqual([
      0x06, 0x07, 0x09, 0x19, 0x0b, 0x06, 0x18, 0x1f, 0x0b, 0x0b,
    ]);
  });

  it('reads memory arguments with a memory index and a 64-bit offset', () => {
    const reader = new InstructionReader(
      Uint8Array.from([0x28, 0x42, 3, ...unsigned(2 ** 40), 0xfe, 1, 2, 8]),
      0,
      13,
    );
    expect(reader.next()).toBe(true);
    expect(reader).toMatchObject({ opcode: 0x28, align: 2, memory: 3, offset: 2 ** 40, start: 0, end: 9 });
    expect(reader.next()).toBe(true);
    expect(reader).toMatchObject({
      opcode: prefixed(0xfe, 1),
      align: 2,
      memory: 0,
      offset: 8,
      start: 9,
      end: 13,
    });
    expect(reader.next()).toBe(false);
    expect(reader.undecodable).toBe(false);
  });

  it.each([
    ['an unknown opcode', [0, 0x27, 0x0b]],
    ['an unknown prefixed opcode', [0, 0xfe, 0x04, 0x0b]],
    ['a prefixed opcode that would run into the next prefix', [0, 0xfb, 0x80, 0x80, 0x04, 0x0b]],
    ['a missing end', [0, 0x02, 0x40, 0x0b]],
    ['bytes after the end', [0, 0x0b, 0x01]],
    ['an immediate cut off', [0, 0x41, 0x80]],
    ['locals cut off', [1, 0x80]],
    ['no bytes', []],
  ])('says that it cannot decode %s', (_, body) => {
    expect(opcodesOf(body)).toBeUndefined();
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (body) => {
        const decoded = visitFunctionBody(body, { start: 0, end: body.length }, () => undefined);
        expect(typeof decoded).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
  });
});
