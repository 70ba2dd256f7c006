import { type CustomSection, readCustomSections, readTargetFeatures } from './custom-sections.js';
import { readDefinitions } from './definitions.js';
import { type ModuleExport, readExports } from './exports.js';
import { type MemoryImport, type ModuleImport, readImports } from './imports.js';
import { openSection, readSections, sectionId } from './reader.js';
import { startMayBeRunEarly } from './start-function.js';
import { type FunctionType, type MemoryType, readTypes } from './types.js';

export type { CustomSection, MemoryImport, ModuleExport, ModuleImport };

/** What the sections of a module declare, code aside. Indices count imports first, as the format does. */
export interface ModuleShape {
  /** By type index; undefined where the type is a struct or an array. */
  readonly types: readonly (FunctionType | undefined)[];
  readonly imports: readonly ModuleImport[];
  /** The first memory import; a module for threads has one. */
  readonly memoryImport: MemoryImport | undefined;
  readonly definedMemories: readonly MemoryType[];
  readonly exports: readonly ModuleExport[];
  readonly startFunction: number | undefined;
  /**
   * Whether an instance can be made ahead of time with nothing to see but its guarded memory initialisation: there
   * is no start function, or its body calls nothing and throws nothing (ABI §1.2).
   */
  readonly startMayBeRunEarly: boolean;
  /** Data segments that are written at every instantiation. */
  readonly activeDataSegments: number;
  /** All data segments. */
  readonly dataCount: number;
  /** Declares or imports an exception tag. */
  readonly hasTags: boolean;
  /** Has tags, or names exception handling among its target features. */
  readonly usesExceptions: boolean;
  /** Features the compiler used (`atomics`, `bulk-memory`), from `target_features`; empty when it does not say. */
  readonly targetFeatures: readonly string[];
  readonly customSections: readonly CustomSection[];
  /** Bytes of the code section. */
  readonly codeBytes: number;
  readonly importedFunctions: number;
  /** Functions with a body. */
  readonly definedFunctions: number;
  /** Imported and defined. */
  readonly tables: number;
}

/**
 * Reads what a module declares. Function bodies are not read, apart from the start function's, so that a module of
 * many megabytes takes milliseconds. This is no validation: a module read here may still fail to compile.
 *
 * @throws {ModuleError} when the bytes are no core module or a section cannot be read.
 */
export function readModuleShape(bytes: Uint8Array): ModuleShape {
  const sections = readSections(bytes);
  const cursorOf = (id: number) => {
    const section = sections.find((candidate) => candidate.id === id);
    return section && openSection(bytes, section);
  };
  const typeCursor = cursorOf(sectionId.type);
  const types = typeCursor ? readTypes(typeCursor) : [];
  const imported = readImports(cursorOf(sectionId.import), types);
  const defined = readDefinitions(cursorOf);
  const functionTypes = [...imported.functionTypes, ...defined.functionTypes];
  const customSections = readCustomSections(bytes, sections);
  const targetFeatures = readTargetFeatures(bytes, customSections);
  const hasTags = defined.tags > 0 || imported.imports.some(({ kind }) => kind === 'tag');
  const code = sections.find(({ id }) => id === sectionId.code);
  const startFunction = cursorOf(sectionId.start)?.u32();
  return {
    types,
    imports: imported.imports,
    memoryImport: imported.imports.find((entry) => entry.kind === 'memory'),
    definedMemories: defined.memories,
    exports: readExports(cursorOf(sectionId.export), (index) => types[functionTypes[index] ?? -1]),
    startFunction,
    startMayBeRunEarly:
      startFunction === undefined ||
      startMayBeRunEarly(cursorOf(sectionId.code), startFunction - imported.functionTypes.length),
    activeDataSegments: defined.activeDataSegments,
    dataCount: defined.dataCount,
    hasTags,
    usesExceptions: hasTags || targetFeatures.includes('exception-handling'),
    targetFeatures,
    customSections,
    codeBytes: code ? code.end - code.start : 0,
    importedFunctions: imported.functionTypes.length,
    definedFunctions: defined.functionTypes.length,
    tables: imported.imports.filter(({ kind }) => kind === 'table').length + defined.tables,
  };
}
