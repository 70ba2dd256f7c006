import type { ModuleShape } from '../binary/module-shape.js';
import { importName } from '../import-name.js';
import { callOf } from './imports.js';
import type { MemoryInspection, ThreadInspection } from './inspection.js';

const ENTRY = 'wasi_thread_start';

const localStorageExports: ReadonlySet<string> = new Set([
  '__stack_pointer',
  '__tls_base',
  '__tls_size',
  '__tls_align',
  '__wasm_init_tls',
  '__wasix_init_tls',
]);

/** How a module starts threads, and what it lacks for that (ABI §1.3, §2.5, §4.1). */
export function inspectThreads(shape: ModuleShape, memory: MemoryInspection): ThreadInspection {
  const spawnCalls = shape.imports.filter((entry) => {
    const call = callOf(entry)?.name;
    return call === 'thread-spawn' || call === 'thread_spawn_v2';
  });
  const entry = entryOf(shape);
  return {
    spawnCalls: spawnCalls.map(importName),
    entry,
    localStorage: shape.exports.map(({ name }) => name).filter((name) => localStorageExports.has(name)),
    obstacles: spawnCalls.length > 0 ? obstaclesTo(entry, memory) : [],
  };
}

function entryOf({ exports }: ModuleShape): ThreadInspection['entry'] {
  const entry = exports.find(({ name }) => name === ENTRY);
  if (!entry) return 'absent';
  const type = entry.functionType;
  return type?.params === 'ii' && type.results === '' ? 'present' : 'wrong-type';
}

function obstaclesTo(entry: ThreadInspection['entry'], memory: MemoryInspection): string[] {
  const obstacles: string[] = [];
  if (entry === 'absent') obstacles.push(`it exports no ${ENTRY}; build it with -pthread and export that`);
  if (entry === 'wrong-type') {
    obstacles.push(`its ${ENTRY} is not a function (ii)→–; build it with a current libc`);
  }
  if (memory.origin !== 'imported') {
    obstacles.push('it does not import its memory; link it with --import-memory --shared-memory');
  } else if (!memory.limits.shared) {
    obstacles.push('its memory is not shared; link it with --shared-memory and a --max-memory');
  }
  return obstacles;
}
