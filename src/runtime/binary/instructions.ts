import { ModuleError } from './module-error.js';
import { immediatesOf } from './opcodes.js';
import { ByteCursor } from './reader.js';
import { readValueType, skipBlockType, skipHeapType } from './types.js';

const prefixes = new Set([0xfb, 0xfc, 0xfd, 0xfe]);

/** The opcode of a prefixed instruction as {@link InstructionReader} gives it: `prefixed(0xfe, 1)`; -1 if unknown. */
export function prefixed(prefix: number, code: number): number {
  return code < 0x10000 ? prefix * 0x10000 + code : -1;
}

/**
 * Steps through instructions one at a time. After `next()` answered true, the fields describe the instruction in
 * `bytes[start, end)`. `undecodable` says that the reader met an opcode it does not know or bytes that are no
 * instructions; it never throws.
 */
export class InstructionReader {
  /** A single byte, or {@link prefixed}. */
  opcode = 0;
  start = 0;
  end = 0;
  /** Of the last memory instruction: log2 of its alignment, static offset in bytes, index of the memory. */
  align = 0;
  offset = 0;
  memory = 0;
  undecodable = false;
  readonly #cursor: ByteCursor;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#cursor = new ByteCursor(bytes, start, end, 'an instruction');
    this.end = start;
  }

  /** Reads one instruction; false at the end or when it cannot be decoded. */
  next(): boolean {
    if (this.undecodable || this.#cursor.done) return false;
    try {
      this.start = this.#cursor.position;
      const first = this.#cursor.byte();
      this.opcode = prefixes.has(first) ? prefixed(first, this.#cursor.u32()) : first;
      const immediates = immediatesOf(this.opcode);
      if (immediates === undefined) this.undecodable = true;
      else for (const immediate of immediates) this.#skip(immediate);
      this.end = this.#cursor.position;
    } catch (error) {
      if (!(error instanceof ModuleError)) throw error;
      this.undecodable = true;
    }
    return !this.undecodable;
  }

  #skip(immediate: string): void {
    const cursor = this.#cursor;
    switch (immediate) {
      case 'u':
        cursor.u32();
        return;
      case 's':
        cursor.skipLeb(10);
        return;
      case 'b':
        skipBlockType(cursor);
        return;
      case 'h':
        skipHeapType(cursor);
        return;
      case 'm':
        this.#memoryArgument();
        return;
      case 'l':
        for (let targets = cursor.count() + 1; targets > 0; targets--) cursor.u32();
        return;
      case 'v':
        for (let types = cursor.count(); types > 0; types--) readValueType(cursor);
        return;
      case 'c':
        for (let clauses = cursor.count(); clauses > 0; clauses--) skipCatch(cursor);
        return;
      default:
        cursor.skip(fixedSizes[immediate]!);
    }
  }

  #memoryArgument(): void {
    const align = this.#cursor.u32();
    this.align = align & ~0x40;
    this.memory = align & 0x40 ? this.#cursor.u32() : 0;
    this.offset = this.#cursor.u64();
  }
}

const fixedSizes: Readonly<Record<string, number>> = { '1': 1, '4': 4, '8': 8, x: 16 };

function skipCatch(cursor: ByteCursor): void {
  const kind = cursor.byte();
  if (kind < 2) cursor.u32();
  cursor.u32();
}

const openers = new Set([0x02, 0x03, 0x04, 0x06, 0x1f]);
const end = 0x0b;
const delegate = 0x18;

/**
 * Visits each instruction of a function body in `bytes[start, end)`, which opens with the declarations of its
 * locals. Answers false when the body cannot be decoded to its last byte; some instructions may have been visited
 * by then.
 */
export function visitFunctionBody(
  bytes: Uint8Array,
  bounds: { readonly start: number; readonly end: number },
  visit: (instruction: InstructionReader) => void,
): boolean {
  const first = skipLocals(bytes, bounds.start, bounds.end);
  if (first === undefined) return false;
  const reader = new InstructionReader(bytes, first, bounds.end);
  // Losing step with the code is all but certain to end in the wrong nesting: a cheap check of the whole walk.
  let depth = 1;
  while (reader.next()) {
    if (depth === 0) return false;
    if (openers.has(reader.opcode)) depth++;
    else if (reader.opcode === end || reader.opcode === delegate) depth--;
    visit(reader);
  }
  return !reader.undecodable && depth === 0 && reader.opcode === end;
}

function skipLocals(bytes: Uint8Array, start: number, bodyEnd: number): number | undefined {
  const cursor = new ByteCursor(bytes, start, bodyEnd, 'the locals of a function');
  try {
    for (let groups = cursor.count(); groups > 0; groups--) {
      cursor.u32();
      readValueType(cursor);
    }
    return cursor.position;
  } catch (error) {
    if (error instanceof ModuleError) return undefined;
    throw error;
  }
}

/**
 * Steps over a constant expression, up to and with its `end`. Answers false, with the cursor anywhere, when it
 * cannot be decoded.
 */
export function skipConstantExpression(cursor: ByteCursor): boolean {
  const reader = new InstructionReader(cursor.bytes, cursor.position, cursor.end);
  while (reader.next()) {
    if (reader.opcode !== end) continue;
    cursor.position = reader.end;
    return true;
  }
  return false;
}
