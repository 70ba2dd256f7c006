/**
 * What can be known of a module that was compiled elsewhere. The JavaScript API tells names and kinds, not types or
 * limits, so a module that imports its memory has to be given as bytes.
 */

import { wasmType } from '../abi/call.js';
import { findCall } from '../abi/namespaces.js';
import type { ModuleShape } from './binary/module-shape.js';
import { LoadError } from './load-error.js';

const LETTERS = { i32: 'i', i64: 'I' } as const;

/** The type that the host gives a function of this name; a wrong one is found when the module is linked. */
function typeOf(module: string, name: string): { params: string; results: string } {
  const call = findCall(module, name);
  if (!call) return { params: '', results: '' };
  const { params, results } = wasmType(call);
  return {
    params: params.map((type) => LETTERS[type]).join(''),
    results: results.map((type) => LETTERS[type]).join(''),
  };
}

export function shapeOfCompiled(module: WebAssembly.Module): ModuleShape {
  const imports = WebAssembly.Module.imports(module);
  if (imports.some(({ kind }) => kind === 'memory')) {
    throw new LoadError(
      'not-loadable',
      'the limits of the memory that a compiled module imports cannot be read',
      'pass its bytes or its path instead of a WebAssembly.Module',
    );
  }
  return {
    types: [],
    imports: imports.map((entry) => ({ ...entry, kind: 'function', type: typeOf(entry.module, entry.name) })),
    memoryImport: undefined,
    definedMemories: [],
    exports: [],
    startFunction: undefined,
    startMayBeRunEarly: false,
    activeDataSegments: 0,
    dataCount: 0,
    hasTags: true,
    usesExceptions: true,
    targetFeatures: [],
    customSections: [],
    codeBytes: 0,
    importedFunctions: imports.length,
    definedFunctions: 0,
    tables: 0,
  };
}
