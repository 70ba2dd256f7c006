import { ModuleError, malformed } from './module-error.js';
import type { ByteCursor } from './reader.js';

/**
 * Parameters and results of a function, one letter for each value: `i` i32, `I` i64, `f` f32, `F` f64, `v` v128,
 * `r` any reference.
 */
export interface FunctionType {
  readonly params: string;
  readonly results: string;
}

/** Limits of a memory, in pages of 64 KiB. */
export interface MemoryType {
  readonly initial: number;
  readonly maximum: number | undefined;
  readonly shared: boolean;
  readonly memory64: boolean;
}

/** The type of a global: one of the letters of {@link FunctionType}. */
export interface GlobalType {
  readonly type: string;
  readonly mutable: boolean;
}

const nullableReference = 0x63;
const reference = 0x64;
const numeric = new Map([
  [0x7f, 'i'],
  [0x7e, 'I'],
  [0x7d, 'f'],
  [0x7c, 'F'],
  [0x7b, 'v'],
]);

/** Reads a value type and answers its letter. */
export function readValueType(cursor: ByteCursor): string {
  const at = cursor.position;
  const code = cursor.byte();
  const letter = numeric.get(code);
  if (letter !== undefined) return letter;
  if (code === nullableReference || code === reference) {
    skipHeapType(cursor);
    return 'r';
  }
  // The abstract heap types, each short for its nullable reference: cont 0x68 to nocont 0x75.
  if (code >= 0x68 && code <= 0x75) return 'r';
  throw malformed(`value type 0x${code.toString(16)} is unknown`, at);
}

/** Steps over a heap type: an index or an abstract type, as a signed 33-bit number. */
export function skipHeapType(cursor: ByteCursor): void {
  cursor.skipLeb(5);
}

/** Steps over the type of a block: empty, one value type, or the index of a function type. */
export function skipBlockType(cursor: ByteCursor): void {
  const code = cursor.peek();
  if (code === nullableReference || code === reference) readValueType(cursor);
  else cursor.skipLeb(5);
}

/** Reads the limits of a memory. */
export function readMemoryType(cursor: ByteCursor): MemoryType {
  const flags = limitFlags(cursor);
  const memory64 = (flags & 4) !== 0;
  const initial = memory64 ? cursor.u64() : cursor.u32();
  const maximum = flags & 1 ? (memory64 ? cursor.u64() : cursor.u32()) : undefined;
  return { initial, maximum, shared: (flags & 2) !== 0, memory64 };
}

function limitFlags(cursor: ByteCursor): number {
  const at = cursor.position;
  const flags = cursor.byte();
  if (flags & 8) {
    throw new ModuleError('unsupported', 'uses custom page sizes', 'build it with pages of 64 KiB');
  }
  if (flags > 7) throw malformed(`limits with flags ${flags} are unknown`, at);
  return flags;
}

/** Steps over a table type: element type and limits. */
export function skipTableType(cursor: ByteCursor): void {
  readValueType(cursor);
  readMemoryType(cursor);
}

/** Reads the type of a global. */
export function readGlobalType(cursor: ByteCursor): GlobalType {
  const type = readValueType(cursor);
  return { type, mutable: (cursor.byte() & 1) === 1 };
}

/**
 * Reads the content of the type section: one entry for each type index, undefined where the type is no function
 * type (structs and arrays).
 */
export function readTypes(cursor: ByteCursor): (FunctionType | undefined)[] {
  const types: (FunctionType | undefined)[] = [];
  for (let left = cursor.count(); left > 0; left--) {
    if (cursor.peek() !== 0x4e) {
      types.push(readSubType(cursor));
      continue;
    }
    cursor.byte();
    for (let members = cursor.count(); members > 0; members--) types.push(readSubType(cursor));
  }
  return types;
}

function readSubType(cursor: ByteCursor): FunctionType | undefined {
  let at = cursor.position;
  let form = cursor.byte();
  if (form === 0x50 || form === 0x4f) {
    for (let supers = cursor.count(); supers > 0; supers--) cursor.u32();
    at = cursor.position;
    form = cursor.byte();
  }
  if (form === 0x60) return { params: readValueTypes(cursor), results: readValueTypes(cursor) };
  if (form === 0x5f) for (let fields = cursor.count(); fields > 0; fields--) skipField(cursor);
  else if (form === 0x5e) skipField(cursor);
  else throw malformed(`type form 0x${form.toString(16)} is unknown`, at);
  return undefined;
}

function readValueTypes(cursor: ByteCursor): string {
  let letters = '';
  for (let left = cursor.count(); left > 0; left--) letters += readValueType(cursor);
  return letters;
}

function skipField(cursor: ByteCursor): void {
  const packed = cursor.peek();
  if (packed === 0x78 || packed === 0x77) cursor.byte();
  else readValueType(cursor);
  cursor.byte();
}
