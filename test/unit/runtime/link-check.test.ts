import { describe, expect, it } from 'vitest';
import { wasmType } from '../../../src/abi/call.js';
import { namespaces } from '../../../src/abi/namespaces.js';
import { readModuleShape } from '../../../src/runtime/binary/module-shape.js';
import { unsigned } from '../../../src/runtime/binary/writer.js';
import { checkImports, formatImportProblems } from '../../../src/runtime/link-check.js';
import { functionType, i32, i64, importEntry, moduleOf, sharedMemoryImport } from './binary/encode.js';

const nothing = functionType([], []);
const spawn = functionType([i32], [i32]);

/** The shape of a module whose imported functions have the types `types`, by index. */
function shapeOf(types: readonly (readonly number[])[], imports: readonly (readonly number[])[]) {
  return readModuleShape(moduleOf({ types, imports }));
}

function check(
  types: readonly (readonly number[])[],
  imports: readonly (readonly number[])[],
  offered: readonly string[] = [],
) {
  return checkImports(shapeOf(types, imports), new Set(offered));
}

describe('the check of imports', () => {
  it('accepts every known call in its own type, implemented or not', () => {
    const codes = { i32, i64 };
    const entries = Object.entries(namespaces).flatMap(([module, calls]) =>
      Object.entries(calls).map(([name, call]) => ({ module, name, type: wasmType(call) })),
    );
    const problems = check(
      entries.map(({ type }) =>
        functionType(
          type.params.map((param) => codes[param]),
          type.results.map((result) => codes[result]),
        ),
      ),
      entries.map(({ module, name }, index) => importEntry(module, name, [0, ...unsigned(index)])),
    );
    expect(problems).toEqual([]);
    expect(entries.length).toBeGreaterThan(200);
  });

  it('accepts both proc_join', () => {
    const types = [functionType([i32, i32, i32], [i32]), functionType([i32, i32], [i32])];
    expect(
      check(types, [
        importEntry('wasix_32v1', 'proc_join', [0, 0]),
        importEntry('wasix_32v1', 'proc_join', [0, 1]),
      ]),
    ).toEqual([]);
  });

  it('lists all problems at once, in the order of the module', () => {
    const problems = check(
      [nothing, spawn],
      [
        importEntry('env', 'mystery', [0, 0]),
        sharedMemoryImport,
        importEntry('wasi', 'thread-spawn', [0, 1]),
        importEntry('wasi', 'thread-spawn', [0, 0]),
        importEntry('wasix_32v1', 'bus_call', [0, 0]),
        importEntry('env', 'level', [3, i32, 0]),
      ],
    );
    expect(
      problems.map(({ module, name, kind, family, reason }) => [module, name, kind, family, reason]),
    ).toEqual([
      ['env', 'mystery', 'function', 'env', 'unknown'],
      ['wasi', 'thread-spawn', 'function', 'thread', 'wrong-signature'],
      ['wasix_32v1', 'bus_call', 'function', '2022 bus ABI', 'refused-abi'],
      ['env', 'level', 'global', 'env', 'unsupported-kind'],
    ]);
  });

  it('finds a wrong parameter and a wrong result', () => {
    const wrongParameter = check(
      [functionType([i32, i32, i32, i32], [i32])],
      [importEntry('wasi_snapshot_preview1', 'fd_seek', [0, 0])],
    );
    expect(wrongParameter[0]?.problem).toBe('is declared as (iiii)→i instead of (iIii)→i');
    const wrongResult = check(
      [functionType([i32], [i32])],
      [importEntry('wasi_snapshot_preview1', 'proc_exit', [0, 0])],
    );
    expect(wrongResult[0]?.problem).toBe('is declared as (i)→i instead of (i)→–');
  });

  it('refuses the thread_spawn of 2022 by its ABI, not as a wrong signature', () => {
    const old = functionType([i32, i64, i64, i64, i32, i32], [i32]);
    expect(check([old], [importEntry('wasix_32v1', 'thread_spawn', [0, 0])])).toMatchObject([
      { reason: 'refused-abi', family: '2022/2023 thread ABI' },
    ]);
  });

  it('takes one memory, under any name, of 32-bit addresses', () => {
    const memory = importEntry('foo', 'bar', [2, 0, 1]);
    expect(check([], [memory])).toEqual([]);
    expect(check([], [memory, sharedMemoryImport])).toMatchObject([
      { name: 'memory', reason: 'unsupported-kind', problem: 'is a second memory besides foo.bar' },
    ]);
    expect(check([], [importEntry('env', 'memory', [2, 4, 1])])).toMatchObject([
      { reason: 'unsupported-kind', remedy: 'build the program for wasm32' },
    ]);
  });

  it('leaves tables, globals and tags to custom imports', () => {
    const imports = [
      importEntry('env', 'table', [1, 0x70, 0, 1]),
      importEntry('env', 'level', [3, i32, 0]),
      importEntry('env', 'tag', [4, 0, 0]),
    ];
    expect(check([nothing], imports).map(({ kind, reason }) => [kind, reason])).toEqual([
      ['table', 'unsupported-kind'],
      ['global', 'unsupported-kind'],
      ['tag', 'unsupported-kind'],
    ]);
    expect(check([nothing], imports, ['env.table', 'env.level', 'env.tag'])).toEqual([]);
  });

  it('accepts whatever is offered, be it refused or of another type otherwise', () => {
    const imports = [
      importEntry('wasix_32v1', 'bus_call', [0, 0]),
      importEntry('wasi', 'thread-spawn', [0, 0]),
      importEntry('host', 'log', [0, 0]),
    ];
    expect(check([nothing], imports, ['wasix_32v1.bus_call', 'wasi.thread-spawn', 'host.log'])).toEqual([]);
  });

  it.each([
    ['wasi_snapshot_preview1', 'sock_open', 'sock', 'wasix_32v1'],
    ['wasi_snapshot_preview1', 'fd_teleport', 'wasi_snapshot_preview1', 'correct it'],
    ['wasix_64v1', 'fd_write', 'WASIX, 64-bit', 'wasm32'],
    ['wasi:io/streams@0.2.0', 'f', 'component model', 'wasip1'],
    ['wbg', '__wbg_log', 'wasm-bindgen', 'wasip1'],
    ['env', 'emscripten_memcpy_js', 'Emscripten', 'wasi-sdk'],
    ['env', '__memory_base', 'dynamic linking', 'statically'],
    ['GOT.func', 'puts', 'dynamic linking', 'statically'],
    ['gojs', 'runtime.wasmExit', 'Go for JavaScript', 'GOOS=wasip1'],
    ['wasi_ephemeral_nn', 'load', 'WASI proposal', 'without'],
    ['env', 'puts', 'env', 'link what defines it'],
    ['host', 'log', 'custom', 'custom import'],
    ['constructor', 'name', 'custom', 'custom import'],
  ])('%s.%s is recognised as %s', (module, name, family, remedy) => {
    const [problem] = check([nothing], [importEntry(module, name, [0, 0])]);
    expect(problem).toMatchObject({ reason: 'unknown', family });
    expect(problem?.remedy).toContain(remedy);
  });
});

describe('the text of import problems', () => {
  it('is one line for each, with the import, its family and the remedy', () => {
    const text = formatImportProblems(
      check(
        [nothing],
        [importEntry('wasix_32v1', 'ws_connect', [0, 0]), importEntry('wasi', 'thread-spawn', [0, 0])],
      ),
    );
    expect(text.split('\n')).toEqual([
      '  wasix_32v1.ws_connect (function, 2022 web ABI) is no longer served; HTTP and WebSocket host calls were removed from WASIX; use sockets',
      '  wasi.thread-spawn (function, thread) is declared as ()→– instead of (i)→i; correct the declaration, or build with a current libc',
    ]);
  });

  it('names imports of one module that have the same problem together', () => {
    const wanted = ['a', 'b\n', 'c'].map((name) => importEntry('host', name, [0, 0]));
    const text = formatImportProblems(check([nothing], [...wanted, importEntry('other', 'a', [0, 0])]));
    const [first, second, ...rest] = text.split('\n');
    expect(first).toMatch(/^ {2}host\.\{a, b\\u\{a\}, c\} \(3 functions, custom\): each is unknown; /);
    expect(second).toMatch(/^ {2}other\.a \(function, custom\) is unknown; /);
    expect(rest).toEqual([]);
  });

  it('stays one line and moves no cursor whatever an import is named', () => {
    const text = formatImportProblems(check([nothing], [importEntry('a\nb', '\x1b[2J\u202e', [0, 0])]));
    expect(text).toContain('a\\u{a}b.\\u{1b}[2J\\u{202e} (function');
    expect(text).toMatch(/^[\x20-\x7e]+$/);
  });
});
