/** From a file, bytes or a compiled module to something that can be run: read, check, rewrite, compile. */
import { ModuleError } from './binary/module-error.js';
import { type MemoryImport, type ModuleShape, readModuleShape } from './binary/module-shape.js';
import { outlineAtomicWaits } from './binary/outline-waits.js';
import { startExport } from './binary/wait-function.js';
import { atomicWaitIsMiscompiled } from './binary/wait-probe.js';
import { createGuestMemory } from './guest-memory-limits.js';
import { type GuestMemoryPlan, type ModuleTraits, THREAD_ENTRY } from './image.js';
import { printable } from './import-name.js';
import { checkImports, formatImportProblems } from './link-check.js';
import { LoadError } from './load-error.js';
import { compileOptimized, isToOptimize, type OptimizeSetting } from './optimizing-compiler.js';
import { readSource } from './read-source.js';
import { shapeOfCompiled } from './shape-of-compiled.js';

/** What can be run: the path of a module, its bytes, or a compiled module that brings its own memory. */
export type ModuleSource = string | URL | Uint8Array | WebAssembly.Module;

/** A module ready to run, any number of times. */
export interface LoadedModule {
  /** For messages: the path, or what was given instead of one. */
  readonly name: string;
  readonly module: WebAssembly.Module;
  readonly shape: ModuleShape;
  readonly traits: ModuleTraits;
  /** True when the module can start threads, so that its main thread needs a worker and a pool. */
  readonly threaded: boolean;
  /** Makes the memory that the module imports, if that can be done before there is a thread. */
  createMemory(maxBytes: number | undefined): GuestMemoryPlan;
}

/** What of a loaded module can be sent to another thread; `restoreLoaded` makes it whole there. */
export type LoadedParts = Omit<LoadedModule, 'createMemory'>;

export function restoreLoaded({ name, module, shape, traits, threaded }: LoadedParts): LoadedModule {
  const { memoryImport } = shape;
  const createMemory = (maxBytes: number | undefined) =>
    memoryImport ? createGuestMemory(name, limitsOf(memoryImport), maxBytes) : {};
  return { name, module, shape, traits, threaded, createMemory };
}

/** Whether `source` is loaded already. */
export function isLoaded(source: ModuleSource | LoadedModule): source is LoadedModule {
  return typeof source === 'object' && 'traits' in source;
}

export interface LoadOptions {
  /** Names "module.name" of imports that the caller's own code provides. */
  readonly offered?: ReadonlySet<string>;
  /** Which modules V8's optimizing compiler compiles from the start. Default: none. */
  readonly optimize?: OptimizeSetting | undefined;
  /** No other thread of the process has to do with wasm yet. */
  readonly alone?: boolean;
  /** Called when it is known that the module needs workers, before it is compiled. */
  readonly threaded?: () => void;
}

/** Loads a module. Throws LoadError, which names all that is wrong with its imports at once. */
export function loadModule(source: ModuleSource, options: LoadOptions = {}): LoadedModule {
  if (source instanceof WebAssembly.Module) {
    return describe('the module', source, shapeOfCompiled(source), options);
  }
  if (source instanceof Uint8Array) return loadNamed('the module', source, options);
  return loadNamed(String(source), readSource(source), options);
}

/** Loads a module from its bytes, under the name that messages give it. */
export function loadNamed(name: string, bytes: Uint8Array, options: LoadOptions = {}): LoadedModule {
  const shape = readShape(name, bytes);
  refuseUnmetImports(name, shape, options);
  if (isThreaded(shape)) options.threaded?.();
  const { bytes: code, cured } = cureWaits(bytes, shape);
  const optimize = !cured || isToOptimize(options.optimize, shape.codeBytes);
  const module = compile(name, () =>
    optimize ? compileOptimized(code, options.alone ?? false) : new WebAssembly.Module(code),
  );
  return describe(name, module, shape, options);
}

/** Reads the sections of a module, with errors that name it. */
export function readShape(name: string, bytes: Uint8Array): ModuleShape {
  try {
    return readModuleShape(bytes);
  } catch (error) {
    if (error instanceof ModuleError)
      throw new LoadError('not-loadable', `${name} ${error.problem}`, error.hint);
    throw error;
  }
}

function refuseUnmetImports(name: string, shape: ModuleShape, { offered }: LoadOptions): void {
  const problems = checkImports(shape, offered ?? new Set());
  if (problems.length === 0) return;
  throw new LoadError(
    'not-linkable',
    `${name} needs imports that are not there:\n${formatImportProblems(problems)}`,
  );
}

/** Has the host do the module's atomic waits. Not `cured` is what has others, which the baseline compiler would break. */
function cureWaits(bytes: Uint8Array, shape: ModuleShape): { bytes: Uint8Array; cured: boolean } {
  const outlined = outlineAtomicWaits(bytes, shape);
  const isWhole = outlined !== undefined && outlined.left === 0;
  return { bytes: outlined?.bytes ?? bytes, cured: isWhole || !atomicWaitIsMiscompiled() };
}

function compile(name: string, make: () => WebAssembly.Module): WebAssembly.Module {
  try {
    return make();
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^WebAssembly\.Module\(\): /, '') : String(error);
    throw new LoadError(
      'not-linkable',
      `${name} does not compile: ${printable(reason)}`,
      `Node ${process.versions.node} (V8 ${process.versions.v8}) may lack a feature that the module was built with`,
    );
  }
}

function describe(
  name: string,
  module: WebAssembly.Module,
  shape: ModuleShape,
  options: LoadOptions,
): LoadedModule {
  refuseUnmetImports(name, shape, options);
  const { memoryImport } = shape;
  const functions = shape.imports.flatMap((entry) =>
    entry.kind === 'function'
      ? [{ module: entry.module, name: entry.name, params: entry.type.params.length }]
      : [],
  );
  const traits: ModuleTraits = {
    wasix: functions.some((entry) => entry.module === 'wasix_32v1'),
    memoryImport: memoryImport && { module: memoryImport.module, name: memoryImport.name },
    instantiateEarly:
      shape.startMayBeRunEarly && memoryImport !== undefined && shape.activeDataSegments === 0,
    leaveByTrap: shape.usesExceptions,
    threadEntryFault: threadEntryFault(shape),
    functions,
  };
  return restoreLoaded({ name, module, shape, traits, threaded: isThreaded(shape) });
}

/** A wrong or missing thread entry is no fault of a module that never starts a thread: it is told at the spawn. */
function threadEntryFault(shape: ModuleShape): string | undefined {
  const entry = shape.exports.find(({ name }) => name === THREAD_ENTRY);
  if (entry?.kind !== 'function') return `the module exports no function ${THREAD_ENTRY}`;
  const { params, results } = entry.functionType ?? { params: '', results: '' };
  return params === 'ii' && results === ''
    ? undefined
    : `${THREAD_ENTRY} has the wrong type, it must be (i32, i32) -> ()`;
}

/** A module needs something to begin with: `_start`, or `_initialize`, or the export the user named. */
export function checkEntry(loaded: LoadedModule, entry: string | undefined): void {
  const exported = WebAssembly.Module.exports(loaded.module).filter(({ kind }) => kind === 'function');
  const has = (name: string) => exported.some((candidate) => candidate.name === name);
  if (entry === undefined ? has('_start') || has('_initialize') : has(entry)) return;
  const what = entry === undefined ? 'no function _start or _initialize' : `no function ${entry}`;
  const names = exported.flatMap(({ name }) => (name === startExport ? [] : [printable(name)])).slice(0, 8);
  const hint =
    names.length > 0 ? `name one of its exports with --entry: ${names.join(', ')}` : 'build it as a program';
  throw new LoadError('not-loadable', `${loaded.name} exports ${what}`, hint);
}

/** Calls that a module must import to have threads, in all namespaces. */
const SPAWNING = /^thread[-_]spawn/;

/** Whether the module can start threads. */
function isThreaded(shape: ModuleShape): boolean {
  return shape.imports.some(({ kind, name }) => kind === 'function' && SPAWNING.test(name));
}

function limitsOf(memory: MemoryImport): MemoryImport['limits'] {
  return memory.limits;
}
