import {
  encodedModule,
  encodedName,
  encodedSection,
  unsigned,
  vector,
} from '../../../../src/runtime/binary/writer.js';

type Bytes = readonly number[];

/** The parts of a module as encoded entries; a part left out gives no section. */
export interface ModuleParts {
  readonly types?: readonly Bytes[];
  readonly imports?: readonly Bytes[];
  /** Type index of each function. */
  readonly functions?: readonly number[];
  readonly tables?: readonly Bytes[];
  readonly memories?: readonly Bytes[];
  readonly tags?: readonly Bytes[];
  readonly globals?: readonly Bytes[];
  readonly exports?: readonly Bytes[];
  readonly start?: number;
  readonly elements?: readonly Bytes[];
  /** Bodies without their size: locals, instructions, end. */
  readonly bodies?: readonly Bytes[];
  readonly data?: readonly Bytes[];
  /** Custom sections, put behind the code. */
  readonly custom?: readonly { readonly name: string; readonly content: Bytes }[];
}

/** Encodes a module. A data count section is written whenever there is data. */
export function moduleOf(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const sections: Bytes[] = [];
  const add = (id: number, entries: readonly Bytes[] | undefined) => {
    if (entries) sections.push(encodedSection(id, vector(entries)));
  };
  add(1, parts.types);
  add(2, parts.imports);
  add(
    3,
    parts.functions?.map((type) => unsigned(type)),
  );
  add(4, parts.tables);
  add(5, parts.memories);
  add(13, parts.tags);
  add(6, parts.globals);
  add(7, parts.exports);
  if (parts.start !== undefined) sections.push(encodedSection(8, unsigned(parts.start)));
  add(9, parts.elements);
  if (parts.data) sections.push(encodedSection(12, unsigned(parts.data.length)));
  add(
    10,
    parts.bodies?.map((body) => [...unsigned(body.length), ...body]),
  );
  add(11, parts.data);
  for (const { name, content } of parts.custom ?? []) {
    sections.push(encodedSection(0, [...encodedName(name), ...content]));
  }
  return encodedModule(sections);
}

export const i32 = 0x7f;
export const i64 = 0x7e;

export function functionType(params: Bytes, results: Bytes): number[] {
  return [0x60, ...unsigned(params.length), ...params, ...unsigned(results.length), ...results];
}

/** `kind` and what follows it, such as `[2, 3, 1, 1]` for a shared memory of one page. */
export function importEntry(module: string, name: string, description: Bytes): number[] {
  return [...encodedName(module), ...encodedName(name), ...description];
}

export function exportEntry(name: string, kind: number, index: number): number[] {
  return [...encodedName(name), kind, ...unsigned(index)];
}

/** `env.memory`, shared, of one page to two. */
export const sharedMemoryImport = importEntry('env', 'memory', [2, 3, 1, 2]);

/** An instruction on parameters 0, 1, 2: `memory.atomic.wait32` (1) or `wait64` (2). */
export function waitOnParameters(code: 1 | 2, offset: number): number[] {
  return [0x20, 0, 0x20, 1, 0x20, 2, 0xfe, code, code + 1, ...unsigned(offset)];
}
