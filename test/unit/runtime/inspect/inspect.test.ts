import { describe, expect, it } from 'vitest';
import { readModuleShape } from '../../../../src/runtime/binary/module-shape.js';
import { formatInspection, inspectModule } from '../../../../src/runtime/inspect.js';
import {
  exportEntry,
  functionType,
  i32,
  importEntry,
  type ModuleParts,
  moduleOf,
  sharedMemoryImport,
} from '../binary/encode.js';

const types = [
  functionType([], []),
  functionType([i32], [i32]),
  functionType([i32, i32], []),
  functionType([i32], []),
];
const type = { nothing: 0, spawn: 1, entry: 2, exit: 3 } as const;
const spawnImport = importEntry('wasi', 'thread-spawn', [0, type.spawn]);
const exitImport = importEntry('wasi_snapshot_preview1', 'proc_exit', [0, type.exit]);
const forkEnvImport = importEntry('wasix_32v1', 'proc_fork_env', [0, type.spawn]);
const callbackLike = importEntry('wasix_32v1', 'proc_exit2', [0, type.exit]);
const ownMemory = { memories: [[0, 1]], memoryExport: exportEntry('memory', 2, 0) };

interface Built extends Omit<ModuleParts, 'exports' | 'functions' | 'bodies' | 'types'> {
  /** Functions to export, by name, with their types. */
  readonly functions?: Readonly<Record<string, number>>;
  readonly otherExports?: readonly (readonly number[])[];
}

/** Inspects a module that defines the functions it exports; their index counts the imported ones first. */
function inspect(
  { functions = { _start: type.nothing }, otherExports = [], ...parts }: Built,
  supported = true,
) {
  const imported = (parts.imports ?? []).filter((entry) => isFunctionImport(entry)).length;
  const names = Object.keys(functions);
  const bytes = moduleOf({
    types,
    ...parts,
    functions: Object.values(functions),
    exports: [...names.map((name, index) => exportEntry(name, 0, imported + index)), ...otherExports],
    bodies: names.map(() => [0, 0x0b]),
  });
  return inspectModule(readModuleShape(bytes), () => supported);
}

/** The kind stands after both names. */
function isFunctionImport(entry: readonly number[]): boolean {
  const second = 1 + entry[0]!;
  return entry[second + 1 + entry[second]!] === 0;
}

describe('what a module is', () => {
  it('follows from its entry', () => {
    expect(inspect({}).kind).toBe('command');
    expect(inspect({ functions: { _initialize: 0, f: 0 } })).toMatchObject({
      kind: 'reactor',
      functions: ['f'],
      verdict: { status: 'runs' },
    });
    expect(inspect({ functions: { _initialize: 0, _start: 0 } }).kind).toBe('command');
  });

  it('without an entry cannot run, and says what could be called', () => {
    expect(inspect({ functions: {} }).verdict.reasons).toEqual([
      'it exports neither _start nor _initialize; link it as a command, with a main function',
    ]);
    expect(inspect({ functions: { f: 0, __g: 0, h: 0 } }).verdict.reasons).toEqual([
      'it exports neither _start nor _initialize; link it as a command, or name a function with --entry: f, h',
    ]);
    const library = inspect({ functions: { f: 0 }, custom: [{ name: 'dylink.0', content: [] }] });
    expect(library.features.dynamicLinking).toBe(true);
    expect(library.verdict.reasons[0]).toContain('dynamic library');
  });

  it.each([
    ['none', [], []],
    ['preview1', [exitImport], ['preview1']],
    ['wasi_unstable', [importEntry('wasi_unstable', 'proc_exit', [0, type.exit])], ['wasi_unstable']],
    ['wasi-threads', [exitImport, spawnImport], ['preview1', 'wasi-threads']],
    [
      'wasi-threads',
      [importEntry('wasi_snapshot_preview1', 'thread-spawn', [0, type.spawn])],
      ['wasi-threads'],
    ],
    ['WASIX', [exitImport, spawnImport, forkEnvImport], ['preview1', 'wasi-threads', 'WASIX']],
    [
      'mix',
      [exitImport, importEntry('wasi_unstable', 'proc_exit', [0, type.exit])],
      ['preview1', 'wasi_unstable'],
    ],
  ])('its ABI is %s by its imports', (name, imports, parts) => {
    expect(inspect({ imports }).abi).toEqual({ name, parts });
  });

  it('features are seen in sections and exports', () => {
    const plain = inspect({}).features;
    expect(plain).toEqual({ exceptions: false, startSection: false, asyncify: [], dynamicLinking: false });
    const rich = inspect({
      functions: { _start: 0, asyncify_get_state: 0 },
      start: 0,
      tags: [[0, 0]],
    }).features;
    expect(rich).toEqual({
      exceptions: true,
      startSection: true,
      asyncify: ['asyncify_get_state'],
      dynamicLinking: false,
    });
  });
});

describe('the memory of a module', () => {
  it('is the imported one, with its limits', () => {
    expect(inspect({ imports: [sharedMemoryImport] }).memory).toEqual({
      origin: 'imported',
      module: 'env',
      name: 'memory',
      limits: { initial: 1, maximum: 2, shared: true, memory64: false },
    });
  });

  it('is else the defined one, or none', () => {
    expect(
      inspect({ memories: ownMemory.memories, otherExports: [ownMemory.memoryExport] }).memory,
    ).toMatchObject({
      origin: 'defined',
      exported: true,
      limits: { initial: 1, maximum: undefined },
    });
    expect(inspect({ memories: ownMemory.memories }).memory).toMatchObject({ exported: false });
    expect(inspect({}).memory).toEqual({ origin: 'none' });
  });

  it('that the host cannot reach limits the calls with addresses, and only those', () => {
    const addresses = [importEntry('wasix_32v1', 'thread_id', [0, type.spawn])];
    expect(inspect({ imports: addresses }).verdict).toMatchObject({
      status: 'runs-in-part',
      limits: [expect.stringContaining('has no memory')],
    });
    expect(inspect({ imports: addresses, memories: ownMemory.memories }).verdict.limits).toEqual([
      expect.stringContaining('does not export its memory'),
    ]);
    expect(inspect({ imports: [exitImport] }).verdict.status).toBe('runs');
  });

  it('of 64-bit addresses keeps a module from running', () => {
    expect(inspect({ memories: [[4, 1]] }).verdict.reasons).toEqual([
      'its memory has 64-bit addresses; build the program for wasm32',
    ]);
    expect(inspect({ imports: [importEntry('env', 'memory', [2, 4, 1])] }).verdict.reasons).toHaveLength(1);
  });
});

describe('the threads of a module', () => {
  const entry = { _start: type.nothing, wasi_thread_start: type.entry };
  const imports = [sharedMemoryImport, spawnImport];

  it('work with a spawn call, the entry and a shared imported memory', () => {
    const spawnV2 = importEntry('wasix_32v1', 'thread_spawn_v2', [0, 4]);
    const found = inspectModule(
      readModuleShape(
        moduleOf({
          types: [...types, functionType([i32, i32], [i32])],
          imports: [...imports, spawnV2],
          functions: [type.nothing, type.entry],
          exports: [
            exportEntry('_start', 0, 2),
            exportEntry('wasi_thread_start', 0, 3),
            exportEntry('__wasm_init_tls', 0, 2),
          ],
          bodies: [
            [0, 0x0b],
            [0, 0x0b],
          ],
        }),
      ),
    );
    expect(found.threads).toEqual({
      spawnCalls: ['wasi.thread-spawn', 'wasix_32v1.thread_spawn_v2'],
      entry: 'present',
      localStorage: ['__wasm_init_tls'],
      obstacles: [],
    });
    expect(found.verdict).toEqual({ status: 'runs', reasons: [], limits: [] });
  });

  it.each([
    ['no wasi_thread_start', { imports }],
    [
      'is not a function (ii)→–',
      { imports, functions: { _start: type.nothing, wasi_thread_start: type.exit } },
    ],
    ['does not import its memory', { imports: [spawnImport], functions: entry }],
    ['not shared', { imports: [spawnImport, importEntry('env', 'memory', [2, 0, 1])], functions: entry }],
  ])('cannot be started when the module lacks something: %s', (text, parts: Built) => {
    const { threads, verdict } = inspect(parts);
    expect(threads.obstacles).toEqual([expect.stringContaining(text)]);
    expect(verdict.status).toBe('runs-in-part');
    expect(verdict.limits).toContain(`threads cannot be started: ${threads.obstacles[0]}`);
  });

  it('need nothing of a module that spawns none', () => {
    expect(inspect({ imports: [exitImport] }).threads).toMatchObject({ spawnCalls: [], obstacles: [] });
  });

  it('do not go well with active data segments', () => {
    const data = [[0, 0x41, 8, 0x0b, 1, 0x62]];
    expect(inspect({ imports, functions: entry, data }).verdict.limits).toEqual([
      expect.stringContaining('active data segment is written again at each thread start'),
    ]);
  });

  it('of the ABI of 2022 are refused, and once', () => {
    const functions = { _start: 0, _start_thread: 0 };
    const byExport = inspect({ functions });
    expect(byExport.verdict.reasons).toEqual([
      expect.stringContaining('_start_thread (2022/2023 thread ABI)'),
    ]);
    const byImport = inspect({
      functions,
      imports: [importEntry('wasix_32v1', 'thread_local_get', [0, type.spawn])],
    });
    expect(byImport.verdict.reasons).toEqual([expect.stringContaining('wasix_32v1.thread_local_get')]);
  });
});

describe('the imports of a module', () => {
  it('are grouped by family, each with its status', () => {
    const { imports, verdict } = inspect({
      imports: [
        exitImport,
        sharedMemoryImport,
        forkEnvImport,
        importEntry('wasi', 'thread-spawn', [0, type.nothing]),
        importEntry('env', 'mystery', [0, type.nothing]),
        importEntry('wasix_32v1', 'bus_call', [0, type.nothing]),
        importEntry('env', 'table', [1, 0x70, 0, 1]),
      ],
    });
    const statuses = imports.map(({ family, imports: entries }) => [
      family,
      ...entries.map(({ name, status }) => `${name} ${status}`),
    ]);
    expect(statuses).toEqual([
      ['proc', 'proc_exit supported', 'proc_fork_env supported'],
      ['memory', 'memory supported'],
      ['thread', 'thread-spawn wrong-signature'],
      ['env', 'mystery unknown', 'table unsupported-kind'],
      ['2022 bus ABI', 'bus_call refused-abi'],
    ]);
    expect(verdict.status).toBe('cannot-run');
    expect(verdict.reasons).toHaveLength(4);
  });

  it('that are not implemented limit the module: NOSYS, or its end where there is no result', () => {
    const found = inspect({ imports: [sharedMemoryImport, forkEnvImport, callbackLike] }, false);
    expect(found.verdict).toEqual({
      status: 'runs-in-part',
      reasons: [],
      limits: [
        'these calls answer NOSYS: wasix_32v1.proc_fork_env',
        'these calls end the program: wasix_32v1.proc_exit2',
      ],
    });
  });

  it('are judged by what this runtime implements unless told otherwise', () => {
    const shape = readModuleShape(moduleOf({ types, imports: [exitImport] }));
    expect(inspectModule(shape).imports[0]?.imports[0]?.status).toBe('supported');
  });
});

describe('the text of an inspection', () => {
  it('tells all of a module that can run', () => {
    const found = inspect({
      imports: [sharedMemoryImport, spawnImport, exitImport],
      functions: { _start: type.nothing, wasi_thread_start: type.entry },
    });
    expect(formatInspection(found, 'app.wasm').split('\n')).toEqual([
      'app.wasm:',
      '  kind           command, exports _start',
      '  ABI            wasi-threads, imports from preview1, wasi-threads',
      '  memory         imported as env.memory, 1 to 2 pages (0.06 MiB to 0.13 MiB), shared',
      '  threads        spawns with wasi.thread-spawn; exports wasi_thread_start',
      '  TLS exports    none',
      '  exceptions     no',
      '  start section  no',
      '  asyncify       no',
      '  dylink.0       no',
      '',
      'imports (3):',
      '  memory  supported          env.memory',
      '  thread  supported          thread-spawn',
      '  proc    supported          proc_exit',
      '',
      'verdict: can run here',
    ]);
  });

  it('ends with the limits of one that can run in part', () => {
    const text = formatInspection(inspect({ imports: [sharedMemoryImport, forkEnvImport] }, false), 'a');
    expect(text).toContain('  proc    not yet supported  proc_fork_env\n');
    expect(text).toMatch(
      /verdict: can run here, but\n {2}- these calls answer NOSYS: wasix_32v1\.proc_fork_env$/,
    );
  });

  it('ends with all reasons of one that cannot run', () => {
    const found = inspect({ imports: [importEntry('host', 'log', [0, 0]), importEntry('env', 'x', [0, 0])] });
    const [, verdict] = formatInspection(found, 'a').split('verdict: ');
    expect(verdict?.split('\n')).toEqual([
      'cannot run here, because',
      expect.stringMatching(/^ {2}- host\.log \(function, custom\) is unknown; /),
      expect.stringMatching(/^ {2}- env\.x \(function, env\) is unknown; /),
    ]);
  });

  it('says so when there are no imports and no memory', () => {
    const text = formatInspection(inspect({ functions: {} }), 'a');
    expect(text).toContain('\nimports: none\n');
    expect(text).toContain('  memory         none\n');
    expect(text).toContain('  ABI            none: imports no guest call\n');
    expect(text).toContain('  kind           neither command nor reactor: exports neither');
  });
});
