import { malformed } from './module-error.js';
import type { ByteCursor } from './reader.js';
import {
  type FunctionType,
  type GlobalType,
  type MemoryType,
  readGlobalType,
  readMemoryType,
  skipTableType,
} from './types.js';

interface ImportName {
  readonly module: string;
  readonly name: string;
}

export interface FunctionImport extends ImportName {
  readonly kind: 'function';
  readonly type: FunctionType;
}

export interface MemoryImport extends ImportName {
  readonly kind: 'memory';
  readonly limits: MemoryType;
}

export interface GlobalImport extends ImportName {
  readonly kind: 'global';
  readonly global: GlobalType;
}

export interface OtherImport extends ImportName {
  readonly kind: 'table' | 'tag';
}

/** One import, with the type the JavaScript API does not show. */
export type ModuleImport = FunctionImport | MemoryImport | GlobalImport | OtherImport;

/** The content of the import section. `functionTypes` holds the type index of each imported function. */
export interface ImportSection {
  readonly imports: readonly ModuleImport[];
  readonly functionTypes: readonly number[];
}

/** Reads the import section, or the empty list when there is none. */
export function readImports(
  cursor: ByteCursor | undefined,
  types: readonly (FunctionType | undefined)[],
): ImportSection {
  const imports: ModuleImport[] = [];
  const functionTypes: number[] = [];
  for (let left = cursor?.count() ?? 0; cursor && left > 0; left--) {
    const name = { module: cursor.name(), name: cursor.name() };
    const at = cursor.position;
    const kind = cursor.byte();
    if (kind === 0) {
      const index = cursor.u32();
      const type = types[index];
      if (!type) throw malformed('an imported function has no type', at);
      functionTypes.push(index);
      imports.push({ ...name, kind: 'function', type });
    } else imports.push(readOther(cursor, name, kind, at));
  }
  return { imports, functionTypes };
}

function readOther(cursor: ByteCursor, name: ImportName, kind: number, at: number): ModuleImport {
  switch (kind) {
    case 1:
      skipTableType(cursor);
      return { ...name, kind: 'table' };
    case 2:
      return { ...name, kind: 'memory', limits: readMemoryType(cursor) };
    case 3:
      return { ...name, kind: 'global', global: readGlobalType(cursor) };
    case 4:
      cursor.skip(1);
      cursor.u32();
      return { ...name, kind: 'tag' };
    default:
      throw malformed(`an import of kind ${kind} is unknown`, at);
  }
}
