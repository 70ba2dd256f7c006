import { checkPreamble } from './file-kind.js';
import { malformed, truncated } from './module-error.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a stretch of a module's bytes from `position` up to `end`. Nothing is trusted: every read is checked, and
 * whatever the bytes are, the only thing thrown is a `ModuleError`. Offsets are offsets in the file.
 */
export class ByteCursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  position: number;
  /** Named in errors: `the import section`. */
  readonly subject: string;

  constructor(bytes: Uint8Array, position: number, end: number, subject: string) {
    this.bytes = bytes;
    this.position = position;
    this.end = Math.min(end, bytes.length);
    this.subject = subject;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  byte(): number {
    if (this.position >= this.end) throw truncated(this.subject);
    return this.bytes[this.position++]!;
  }

  peek(): number {
    if (this.position >= this.end) throw truncated(this.subject);
    return this.bytes[this.position]!;
  }

  skip(count: number): void {
    if (count > this.end - this.position) throw truncated(this.subject);
    this.position += count;
  }

  /** An unsigned LEB128 of at most 32 bits. */
  u32(): number {
    let byte = this.byte();
    if (byte < 0x80) return byte;
    const start = this.position - 1;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      byte = this.byte();
      if (shift === 28 && byte > 0x0f) break;
      value = (value | ((byte & 0x7f) << shift)) >>> 0;
      if (byte < 0x80) return value;
    }
    throw malformed('a number does not fit 32 bits', start);
  }

  /** An unsigned LEB128 of at most 64 bits, as a number: exact up to 2^53, rounded above. */
  u64(): number {
    const start = this.position;
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      const byte = this.byte();
      if (count === 9 && byte > 1) break;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw malformed('a number does not fit 64 bits', start);
  }

  /** Steps over a LEB128 of at most `maxBytes` bytes: 5 for 32 and 33 bits, 10 for 64. */
  skipLeb(maxBytes: number): void {
    const start = this.position;
    for (let count = 0; count < maxBytes; count++) if (this.byte() < 0x80) return;
    throw malformed('a number is too long', start);
  }

  /** The count in front of a vector. Each element takes a byte or more, so a count beyond the rest is refused. */
  count(): number {
    const start = this.position;
    const count = this.u32();
    if (count > this.end - this.position) throw malformed(`${this.subject} counts more than it holds`, start);
    return count;
  }

  /** A length-prefixed UTF-8 string. */
  name(): string {
    const length = this.u32();
    const start = this.position;
    this.skip(length);
    try {
      return decoder.decode(this.bytes.subarray(start, start + length));
    } catch {
      throw malformed('a name is not UTF-8', start);
    }
  }
}

/** Numbers of the sections of a core module. */
export const sectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** One section: its content is `bytes[start, end)`, its header begins at `header`. */
export interface Section {
  readonly id: number;
  readonly header: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Lists the sections of a core module in file order, without looking inside. A section other than a custom one
 * occurs at most once.
 *
 * @throws {ModuleError} when the bytes are no core module or a section reaches beyond the end.
 */
export function readSections(bytes: Uint8Array): Section[] {
  checkPreamble(bytes);
  const cursor = new ByteCursor(bytes, 8, bytes.length, 'a section header');
  const sections: Section[] = [];
  const seen = new Set<number>();
  while (!cursor.done) {
    const header = cursor.position;
    const id = cursor.byte();
    const size = cursor.u32();
    const start = cursor.position;
    if (size > bytes.length - start) throw truncated(sectionName(id));
    if (id !== sectionId.custom && seen.has(id)) throw malformed(`${sectionName(id)} occurs twice`, header);
    seen.add(id);
    sections.push({ id, header, start, end: start + size });
    cursor.position = start + size;
  }
  return sections;
}

/** A cursor over the content of `section`. */
export function openSection(bytes: Uint8Array, section: Section): ByteCursor {
  return new ByteCursor(bytes, section.start, section.end, sectionName(section.id));
}

function sectionName(id: number): string {
  const [name] = Object.entries(sectionId).find(([, number]) => number === id) ?? [];
  if (name === undefined) return `section ${id}`;
  return `the ${name === 'dataCount' ? 'data count' : name} section`;
}
