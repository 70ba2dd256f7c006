import { openSection, type Section, sectionId } from './reader.js';
import { encodedSection, unsigned, vector } from './writer.js';

/** Encoded elements to put at the end of the vector that is the content of section `id`. */
export interface Addition {
  readonly id: number;
  readonly entries: readonly (readonly number[])[];
}

/** The order of sections in a file; custom sections may stand anywhere. */
const order: readonly number[] = [
  sectionId.type,
  sectionId.import,
  sectionId.function,
  sectionId.table,
  sectionId.memory,
  sectionId.tag,
  sectionId.global,
  sectionId.export,
  sectionId.start,
  sectionId.element,
  sectionId.dataCount,
  sectionId.code,
  sectionId.data,
];

/** A module with entries appended. What stood at `p` in the code section now stands at `p + codeShift`. */
export interface ExtendedModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly codeShift: number;
}

/**
 * Copies a module and appends entries to its sections, making those it lacks. Since every index space is counted
 * in section order, an entry at the end shifts no index. Everything else is copied byte for byte.
 */
export function appendEntries(
  bytes: Uint8Array,
  sections: readonly Section[],
  additions: readonly Addition[],
): ExtendedModule {
  const pieces: (Uint8Array | readonly number[])[] = [bytes.subarray(0, 8)];
  let length = 8;
  let codeShift = 0;
  const add = (piece: Uint8Array | readonly number[]) => {
    pieces.push(piece);
    length += piece.length;
  };
  const present = new Set(sections.map(({ id }) => id));
  let missing = additions.filter(({ id }) => !present.has(id)).sort((a, b) => rank(a.id) - rank(b.id));
  for (const section of sections) {
    for (const addition of missing.filter(({ id }) => rank(id) < rank(section.id))) {
      add(newSection(addition));
      missing = missing.filter((other) => other !== addition);
    }
    const addition = additions.find(({ id }) => id === section.id);
    if (addition === undefined) {
      add(bytes.subarray(section.header, section.end));
      continue;
    }
    const { head, kept, tail } = extend(bytes, section, addition);
    add(head);
    if (section.id === sectionId.code) codeShift = length - kept;
    add(bytes.subarray(kept, section.end));
    add(tail);
  }
  for (const addition of missing) add(newSection(addition));
  return { bytes: join(pieces, length), codeShift };
}

/** A custom section, or one this runtime does not know, ranks before all: nothing is put in front of it. */
function rank(id: number): number {
  return order.indexOf(id);
}

function newSection({ id, entries }: Addition): number[] {
  return encodedSection(id, vector(entries));
}

function extend(bytes: Uint8Array, section: Section, { entries }: Addition) {
  const cursor = openSection(bytes, section);
  const count = unsigned(cursor.u32() + entries.length);
  const kept = cursor.position;
  const tail = entries.flat();
  const size = count.length + (section.end - kept) + tail.length;
  return { head: [section.id, ...unsigned(size), ...count], kept, tail };
}

function join(pieces: readonly (Uint8Array | readonly number[])[], length: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
