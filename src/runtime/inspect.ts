/** `wasix-run inspect`: what a module is, what it imports, whether it can run here and why not. */
import type { CallName } from '../abi/namespaces.js';
import { isSupported as isImplemented } from '../syscalls/registry.js';
import type { ModuleShape } from './binary/module-shape.js';
import { inspectAbi } from './inspect/abi.js';
import { asyncifyExports, inspectFeatures } from './inspect/features.js';
import { inspectImports } from './inspect/imports.js';
import type { Inspection } from './inspect/inspection.js';
import { inspectMemory } from './inspect/memory.js';
import { inspectThreads } from './inspect/threads.js';
import { judge } from './inspect/verdict.js';

export { formatInspection } from './inspect/format.js';
export type { Inspection } from './inspect/inspection.js';

/**
 * Inspects a module without compiling it.
 *
 * @param isSupported says which guest calls are implemented; by default, those of this runtime.
 */
export function inspectModule(
  shape: ModuleShape,
  isSupported: (call: CallName) => boolean = isImplemented,
): Inspection {
  const functions = shape.exports.filter(({ kind }) => kind === 'function').map(({ name }) => name);
  const memory = inspectMemory(shape);
  const found: Omit<Inspection, 'verdict'> = {
    kind: functions.includes('_start')
      ? 'command'
      : functions.includes('_initialize')
        ? 'reactor'
        : 'neither',
    functions: functions.filter((name) => !isRuntimeExport(name)),
    abi: inspectAbi(shape),
    memory,
    threads: inspectThreads(shape, memory),
    features: inspectFeatures(shape),
    imports: inspectImports(shape, isSupported),
  };
  return { ...found, verdict: judge(shape, found) };
}

/** Functions that toolchains export for the host, not for users. */
function isRuntimeExport(name: string): boolean {
  return (
    name.startsWith('__') ||
    name === '_start' ||
    name === '_initialize' ||
    name === 'wasi_thread_start' ||
    asyncifyExports.includes(name)
  );
}
