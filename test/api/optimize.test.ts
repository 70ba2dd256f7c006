/** The option `optimize`: which programs V8's optimizing compiler has compiled when they begin, asked of V8 itself. */
import { setFlagsFromString } from 'node:v8';
import { expect, it } from 'vitest';
import { type CompileOptions, compile, run } from '../../src/index.js';
import { guestPath } from '../guests.js';
import { reactor } from './modules.js';

/** From V8 14 on it has no effect for a library. */
const canOptimize = Number.parseInt(process.versions.v8, 10) < 14;

setFlagsFromString('--allow-natives-syntax');
const isOptimized = new Function('entry', 'return %IsTurboFanFunction(entry)') as (entry: unknown) => boolean;

/** A program of its own: V8 compiles what it has compiled before no second time. */
function variant(bytes: Uint8Array, name: string): Uint8Array {
  const text = new TextEncoder().encode(name);
  return Uint8Array.from([...bytes, 0, text.length + 1, text.length, ...text]);
}

function entryOf(options: CompileOptions): unknown {
  const { module } = compile(variant(reactor, JSON.stringify(options)), options);
  const imports = { wasi_snapshot_preview1: { proc_exit: () => undefined } };
  return new WebAssembly.Instance(module, imports).exports.go;
}

it.each([
  [{}, false],
  [{ optimize: 'small' }, canOptimize],
  [{ optimize: 'always' }, canOptimize],
] as const)('compile with %j: %s', (options, expected) => {
  expect(isOptimized(entryOf(options))).toBe(expected);
});

it('a program that is optimized runs as it does otherwise', async () => {
  const { stdout, exitCode } = await run(guestPath('programs/parallel-sum'), {
    args: ['2'],
    optimize: 'always',
    stdout: 'string',
  });
  const plain = await run(guestPath('programs/parallel-sum'), { args: ['2'], stdout: 'string' });
  expect({ stdout, exitCode }).toEqual({ stdout: plain.stdout, exitCode: 0 });
});

it('refuses other settings', () => {
  expect(() => compile(reactor, { optimize: true as never })).toThrow(
    "optimize must be 'small' or 'always', not true",
  );
});
