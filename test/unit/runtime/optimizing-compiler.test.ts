/** Which compiler of V8 compiles a module, asked of V8 itself in processes of their own, and that its flags are put back. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { isToOptimize } from '../../../src/runtime/optimizing-compiler.js';

const path = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

const { outputFiles } = buildSync({
  entryPoints: [path('src/runtime/optimizing-compiler.ts')],
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  define: { 'import.meta.url': JSON.stringify(import.meta.url) },
});

/** What `answer` evaluates to with `compileOptimized` and the bytes of a program at hand. */
function evaluate(answer: string, ...flags: string[]): unknown {
  const program = [
    outputFiles[0]!.text,
    `const v8 = require('node:v8');`,
    `const bytes = require('node:fs').readFileSync(${JSON.stringify(path('fixtures/programs/hello-threads.wasm'))});`,
    `process.stdout.write(JSON.stringify(${answer}));`,
  ].join('\n');
  return JSON.parse(execFileSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' }));
}

/** Whether V8 has optimized the entry of an instance of `module`. */
const isOptimized = (module: string) => `(() => {
  const imports = {};
  for (const { module, name, kind } of WebAssembly.Module.imports(${module})) {
    imports[module] ??= {};
    imports[module][name] = kind === 'memory'
      ? new WebAssembly.Memory({ initial: 2, maximum: 1024, shared: true }) : () => 0;
  }
  const { exports } = new WebAssembly.Instance(${module}, imports);
  return %IsTurboFanFunction(exports.wasi_thread_start);
})()`;
const NATIVES = '--allow-natives-syntax';
const reliesOnBaseline = Number.parseInt(process.versions.v8, 10) >= 14;

describe('the optimizing compiler', () => {
  it('has compiled all functions when the module is there', () => {
    expect(evaluate(isOptimized('compileOptimized(bytes, true)'), NATIVES)).toBe(true);
    expect(evaluate(isOptimized('new WebAssembly.Module(bytes)'), NATIVES)).toBe(false);
  });

  it('is not used beside other threads where those could be hurt', () => {
    expect(evaluate(isOptimized('compileOptimized(bytes, false)'), NATIVES)).toBe(!reliesOnBaseline);
  });

  // Newer versions of V8 end the process at `--no-liftoff` alone.
  const others = reliesOnBaseline
    ? ['--no-wasm-inlining']
    : ['--no-liftoff', '--no-liftoff --no-wasm-lazy-compilation'];
  it.each([
    '',
    ...others,
    '--no-wasm-dynamic-tiering',
    '--no-wasm-lazy-compilation',
    '--no-wasm-dynamic-tiering --no-wasm-lazy-compilation',
  ])('leaves the flags of V8 as they were: "%s"', (flags) => {
    const tags = `[v8.cachedDataVersionTag(), (compileOptimized(bytes, true), v8.cachedDataVersionTag())]`;
    const [before, after] = evaluate(tags, ...flags.split(' ').filter(Boolean)) as [number, number];
    expect(after).toBe(before);
  });

  it('leaves them so when the module cannot be compiled', () => {
    const attempt = `(() => { try { compileOptimized(bytes.subarray(0, 999), true) } catch (e) { return e.name } })()`;
    const [before, error, after] = evaluate(
      `[v8.cachedDataVersionTag(), ${attempt}, v8.cachedDataVersionTag()]`,
    ) as unknown[];
    expect(error).toBe('CompileError');
    expect(after).toBe(before);
  });
});

describe('a module', () => {
  it('is optimized by its size or at any', () => {
    expect(isToOptimize('small', 8192)).toBe(true);
    expect(isToOptimize('small', 8193)).toBe(false);
    expect(isToOptimize('always', 1e9)).toBe(true);
    expect(isToOptimize(undefined, 0)).toBe(false);
  });
});
