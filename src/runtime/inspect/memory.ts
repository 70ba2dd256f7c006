import type { CallDescription } from '../../abi/call.js';
import { paramType } from '../../abi/param-types.js';
import type { ModuleShape } from '../binary/module-shape.js';
import { callOf } from './imports.js';
import type { MemoryInspection } from './inspection.js';

/** Finds guest memory: the imported one, else the defined one (ABI §1.2). */
export function inspectMemory(shape: ModuleShape): MemoryInspection {
  const { memoryImport, definedMemories, exports } = shape;
  if (memoryImport) {
    const { module, name, limits } = memoryImport;
    return { origin: 'imported', module, name, limits };
  }
  const [limits] = definedMemories;
  if (!limits) return { origin: 'none' };
  const exported = exports.some(({ kind, name }) => kind === 'memory' && name === 'memory');
  return { origin: 'defined', exported, limits };
}

/** Why the memory keeps the module from running, with the remedy; an imported one is judged as an import. */
export function memoryReasons(memory: MemoryInspection): string[] {
  if (memory.origin !== 'defined' || !memory.limits.memory64) return [];
  return ['its memory has 64-bit addresses; build the program for wasm32'];
}

/** What of the calls will not work for want of a memory that the host can reach. */
export function memoryLimits(memory: MemoryInspection, shape: ModuleShape): string[] {
  if (memory.origin === 'imported' || (memory.origin === 'defined' && memory.exported)) return [];
  if (!shape.imports.some((entry) => takesAddress(callOf(entry)))) return [];
  const why =
    memory.origin === 'none'
      ? 'it has no memory; let it define or import one'
      : 'it does not export its memory as "memory"; add that export, or link it with --import-memory';
  return [`calls that read or write memory answer FAULT: ${why}`];
}

const numbers: readonly string[] = ['unsigned', 'signed', 'enum', 'flags'];

function takesAddress(call: CallDescription | undefined): boolean {
  return call?.params.some(([, type]) => !numbers.includes(paramType(type).form)) ?? false;
}
