import { malformed } from './module-error.js';
import type { ByteCursor } from './reader.js';
import type { FunctionType } from './types.js';

const kinds = ['function', 'table', 'memory', 'global', 'tag'] as const;

/** What an import or export can be. */
export type ExternalKind = (typeof kinds)[number];

/** One export. `functionType` is there when `kind` is `function`. */
export interface ModuleExport {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly index: number;
  readonly functionType?: FunctionType;
}

/** Reads the export section, or the empty list when there is none. `typeOf` gives the type of a function index. */
export function readExports(
  cursor: ByteCursor | undefined,
  typeOf: (functionIndex: number) => FunctionType | undefined,
): ModuleExport[] {
  const exports: ModuleExport[] = [];
  for (let left = cursor?.count() ?? 0; cursor && left > 0; left--) {
    const name = cursor.name();
    const at = cursor.position;
    const kind = kinds[cursor.byte()];
    if (kind === undefined) throw malformed('an export is of unknown kind', at);
    const index = cursor.u32();
    if (kind !== 'function') {
      exports.push({ name, kind, index });
      continue;
    }
    const functionType = typeOf(index);
    if (!functionType) throw malformed(`the exported function ${index} does not exist`, at);
    exports.push({ name, kind, index, functionType });
  }
  return exports;
}
