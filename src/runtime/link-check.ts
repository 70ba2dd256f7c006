/** Whether the imports of a module can be met: all that cannot are found at once, before the module is compiled. */
import { wasmSignature, wasmType } from '../abi/call.js';
import { historicalImport } from '../abi/history.js';
import { findCall } from '../abi/namespaces.js';
import type { ExternalKind } from './binary/exports.js';
import type { MemoryImport, ModuleImport, ModuleShape } from './binary/module-shape.js';
import type { FunctionType } from './binary/types.js';
import { importName, printable } from './import-name.js';
import { importOrigin } from './import-origin.js';

/**
 * Why an import cannot be met.
 * - `unknown`: a function that no guest call is named like.
 * - `wrong-signature`: a guest call, declared with another type than it has.
 * - `refused-abi`: of an ABI of the past (ABI §1.1).
 * - `unsupported-kind`: a table, global, tag, or a memory other than one of 32-bit addresses.
 */
export type ImportProblemReason = 'unknown' | 'wrong-signature' | 'refused-abi' | 'unsupported-kind';

/** One import that cannot be met. */
export interface ImportProblem {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
  /** The call's family, or a phrase for what the import belongs to: `Emscripten`, `2022 bus ABI`. */
  readonly family: string;
  readonly reason: ImportProblemReason;
  /** What is wrong, as a predicate: `is unknown`. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
}

/**
 * Lists every import that cannot be met, in the module's order; the empty list when the module can be linked.
 *
 * Calls that are known but not implemented are no problem: they answer NOSYS.
 *
 * @param offered names `"module.name"` of the custom imports; these are met whatever they are.
 */
export function checkImports(shape: ModuleShape, offered: ReadonlySet<string>): ImportProblem[] {
  return shape.imports
    .filter(({ module, name }) => !offered.has(`${module}.${name}`))
    .flatMap((entry) => checkImport(entry, shape) ?? []);
}

/** What is wrong with one import of `shape`, custom imports aside; undefined when it can be met. */
export function checkImport(entry: ModuleImport, shape: ModuleShape): ImportProblem | undefined {
  switch (entry.kind) {
    case 'function':
      return checkFunction(entry, entry.type);
    case 'memory':
      return checkMemory(entry, shape);
    default:
      return notProvided(entry, `is a ${entry.kind}, which only a custom import can be`);
  }
}

/** The lines of `describeImportProblems`, indented; no final newline. */
export function formatImportProblems(problems: readonly ImportProblem[]): string {
  return describeImportProblems(problems)
    .map((line) => `  ${line}`)
    .join('\n');
}

/**
 * A line for each problem, naming the import, what it belongs to and what to do. Imports of one module that have the same
 * problem share theirs: a module that wants one function of a host mostly wants twenty.
 */
export function describeImportProblems(problems: readonly ImportProblem[]): string[] {
  const groups = new Map<string, ImportProblem[]>();
  for (const entry of problems) {
    const { module, kind, family, problem, remedy } = entry;
    const shared = JSON.stringify([module, kind, family, problem, remedy]);
    const group = groups.get(shared);
    if (group) group.push(entry);
    else groups.set(shared, [entry]);
  }
  return [...groups.values()].map(describeAlike);
}

function describeAlike(group: readonly ImportProblem[]): string {
  const { module, kind, family, problem, remedy } = group[0]!;
  if (group.length === 1) return `${importName(group[0]!)} (${kind}, ${family}) ${problem}; ${remedy}`;
  const names = group.map(({ name }) => printable(name)).join(', ');
  return `${printable(module)}.{${names}} (${group.length} ${kind}s, ${family}): each ${problem}; ${remedy}`;
}

function problemOf(
  { module, name, kind }: ModuleImport,
  reason: ImportProblemReason,
  family: string,
  problem: string,
  remedy: string,
): ImportProblem {
  return { module, name, kind, family, reason, problem, remedy };
}

function checkFunction(entry: ModuleImport, type: FunctionType): ImportProblem | undefined {
  const { module, name } = entry;
  const parameters = type.params.length;
  // First, because today's thread_spawn and that of 2022 share their name.
  const past = historicalImport(module, name, parameters);
  if (past) return problemOf(entry, 'refused-abi', past.abi, 'is no longer served', past.advice);
  const call = findCall(module, name, parameters);
  if (!call) {
    const { family, remedy } = importOrigin(module, name);
    return problemOf(entry, 'unknown', family, 'is unknown', remedy);
  }
  const { params, results } = wasmType(call);
  if (letters(params) === type.params && letters(results) === type.results) return undefined;
  const declared = `(${type.params})→${type.results || '–'}`;
  return problemOf(
    entry,
    'wrong-signature',
    call.family,
    `is declared as ${declared} instead of ${wasmSignature(call)}`,
    'correct the declaration, or build with a current libc',
  );
}

function letters(types: readonly ('i32' | 'i64')[]): string {
  return types.map((type) => (type === 'i64' ? 'I' : 'i')).join('');
}

function checkMemory(entry: MemoryImport, shape: ModuleShape): ImportProblem | undefined {
  const first = shape.imports.find(({ kind }) => kind === 'memory');
  if (first && first !== entry) {
    const problem = `is a second memory besides ${importName(first)}`;
    return problemOf(entry, 'unsupported-kind', 'memory', problem, 'build the program with one memory');
  }
  if (!entry.limits.memory64) return undefined;
  return problemOf(
    entry,
    'unsupported-kind',
    'memory',
    'has 64-bit addresses',
    'build the program for wasm32',
  );
}

function notProvided(entry: ModuleImport, problem: string): ImportProblem {
  const { family, remedy } = importOrigin(entry.module, entry.name);
  return problemOf(entry, 'unsupported-kind', family, problem, remedy);
}
