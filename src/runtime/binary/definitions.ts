import { skipConstantExpression } from './instructions.js';
import { malformed } from './module-error.js';
import { type ByteCursor, sectionId } from './reader.js';
import { type MemoryType, readMemoryType } from './types.js';

/** What a module defines itself, as far as a host needs to know. */
export interface Definitions {
  /** The type index of each function with a body. */
  readonly functionTypes: readonly number[];
  readonly memories: readonly MemoryType[];
  readonly tables: number;
  readonly tags: number;
  readonly dataCount: number;
  readonly activeDataSegments: number;
}

/** Reads the function, memory, table, tag and data sections. `cursorOf` opens a section by its number. */
export function readDefinitions(cursorOf: (id: number) => ByteCursor | undefined): Definitions {
  const data = countDataSegments(cursorOf(sectionId.data));
  return {
    functionTypes: readVector(cursorOf(sectionId.function), (cursor) => cursor.u32()),
    memories: readVector(cursorOf(sectionId.memory), readMemoryType),
    tables: cursorOf(sectionId.table)?.count() ?? 0,
    tags: cursorOf(sectionId.tag)?.count() ?? 0,
    dataCount: data.all,
    activeDataSegments: data.active,
  };
}

function readVector<T>(cursor: ByteCursor | undefined, read: (cursor: ByteCursor) => T): T[] {
  const items: T[] = [];
  for (let left = cursor?.count() ?? 0; cursor && left > 0; left--) items.push(read(cursor));
  return items;
}

const passive = 1;
const activeWithMemoryIndex = 2;

function countDataSegments(cursor: ByteCursor | undefined): { all: number; active: number } {
  const all = cursor?.count() ?? 0;
  let active = 0;
  for (let left = all; cursor && left > 0; left--) {
    const at = cursor.position;
    const flags = cursor.u32();
    if (flags > activeWithMemoryIndex) throw malformed(`a data segment with flags ${flags} is unknown`, at);
    if (flags === activeWithMemoryIndex) cursor.u32();
    if (flags !== passive) {
      active++;
      if (!skipConstantExpression(cursor)) throw malformed('a data segment has no readable offset', at);
    }
    cursor.skip(cursor.u32());
  }
  return { all, active };
}
