import { HISTORICAL_THREAD_ENTRY, historicalThreads } from '../../abi/history.js';
import type { ModuleShape } from '../binary/module-shape.js';
import { importName, printable } from '../import-name.js';
import { checkImports, describeImportProblems } from '../link-check.js';
import { callOf } from './imports.js';
import type { Inspection, Verdict } from './inspection.js';
import { memoryLimits, memoryReasons } from './memory.js';

/** Whether the module can run here; if not, why not; if so, within which limits. */
export function judge(shape: ModuleShape, found: Omit<Inspection, 'verdict'>): Verdict {
  const reasons = [
    ...describeImportProblems(checkImports(shape, new Set())),
    ...memoryReasons(found.memory),
    ...historicalEntry(shape, found),
    ...missingEntry(found),
  ];
  const limits = [
    ...unsupportedCalls(shape, found),
    ...memoryLimits(found.memory, shape),
    ...threadLimits(shape, found),
  ];
  if (reasons.length > 0) return { status: 'cannot-run', reasons, limits };
  return { status: limits.length > 0 ? 'runs-in-part' : 'runs', reasons, limits };
}

/** Modules of that ABI mostly import from it too; the imports are then reason enough. */
function historicalEntry(shape: ModuleShape, { threads, imports }: Omit<Inspection, 'verdict'>): string[] {
  if (threads.entry !== 'absent') return [];
  if (imports.some(({ family }) => family === historicalThreads.abi)) return [];
  if (!shape.exports.some(({ name }) => name === HISTORICAL_THREAD_ENTRY)) return [];
  const { abi, advice } = historicalThreads;
  return [`it exports ${HISTORICAL_THREAD_ENTRY} (${abi}), which is no longer served; ${advice}`];
}

/** The most names of functions that are given as examples. */
const EXAMPLES = 5;

function missingEntry({ kind, functions, features }: Omit<Inspection, 'verdict'>): string[] {
  if (kind !== 'neither') return [];
  const problem = 'it exports neither _start nor _initialize';
  if (features.dynamicLinking) return [`${problem}: it is a dynamic library; link it into a program`];
  if (functions.length === 0) return [`${problem}; link it as a command, with a main function`];
  const examples = functions.slice(0, EXAMPLES).map(printable).join(', ');
  const more = functions.length > EXAMPLES ? ', …' : '';
  return [`${problem}; link it as a command, or name a function with --entry: ${examples}${more}`];
}

function unsupportedCalls(shape: ModuleShape, { imports }: Omit<Inspection, 'verdict'>): string[] {
  const unsupported = new Set(
    imports
      .flatMap((group) => group.imports)
      .filter(({ status }) => status === 'unsupported')
      .map(importName),
  );
  const answering: string[] = [];
  const trapping: string[] = [];
  for (const entry of shape.imports) {
    const name = importName(entry);
    if (!unsupported.delete(name)) continue;
    const result = callOf(entry)?.result;
    (result === 'errno' || result === 'tid' ? answering : trapping).push(name);
  }
  return [
    ...(answering.length > 0 ? [`these calls answer NOSYS: ${answering.join(', ')}`] : []),
    ...(trapping.length > 0 ? [`these calls end the program: ${trapping.join(', ')}`] : []),
  ];
}

function threadLimits(shape: ModuleShape, { memory, threads }: Omit<Inspection, 'verdict'>): string[] {
  if (threads.obstacles.length > 0) {
    return threads.obstacles.map((obstacle) => `threads cannot be started: ${obstacle}`);
  }
  const shared = memory.origin === 'imported' && memory.limits.shared;
  const segments = shape.activeDataSegments;
  if (threads.spawnCalls.length === 0 || !shared || segments === 0) return [];
  const what = segments === 1 ? 'its active data segment is' : `its ${segments} active data segments are`;
  return [
    `${what} written again at each thread start; link it with wasm-ld --shared-memory, which guards them`,
  ];
}
