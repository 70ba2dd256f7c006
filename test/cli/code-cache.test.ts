/** The command keeps V8's code cache of its bundles beside them, and never depends on it. */
import { execFile, execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  watch,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { fixture } from './wasix-run.js';

const folder = mkdtempSync(join(tmpdir(), 'wasix-run-code-cache-'));
const dist = join(folder, 'dist');
const caches = join(dist, '.code-cache');

beforeEach(() => {
  rmSync(dist, { recursive: true, force: true });
  const built = fileURLToPath(new URL('../../dist', import.meta.url));
  const isBundle = (path: string) => !/types|\.code-cache/.test(path.slice(built.length));
  cpSync(built, dist, { recursive: true, filter: isBundle });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runProgram(name: string, env: NodeJS.ProcessEnv = {}): string {
  const command = [join(dist, 'wasix-run.cjs'), fixture(name)];
  const options = { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 20_000 } as const;
  return execFileSync(process.execPath, command, options);
}

/** The bundles with a cache, and when each was written. */
function written(): Record<string, number> {
  const files = existsSync(caches) ? readdirSync(caches) : [];
  return Object.fromEntries(files.map((file) => [file, statSync(join(caches, file)).mtimeMs]));
}

it.each([
  ['programs/hello', ['cli-inline']],
  ['programs/hello-threads', ['cli-pooled', 'worker-main']],
  // Small enough for the optimizing compiler, and so for other flags of V8, which caches would belong to.
  ['threads/spawn-join', ['cli-pooled', 'worker-main']],
])('the first run of %s writes caches, which the next takes', (name, bundles) => {
  const output = runProgram(name);
  const first = written();
  expect(Object.keys(first).map((file) => file.split('-0.')[0])).toEqual(bundles);
  expect(runProgram(name)).toBe(output);
  expect(written()).toEqual(first);
});

it('a cache that was cut short is written again', () => {
  runProgram('programs/hello');
  const [file = ''] = Object.keys(written());
  const { size } = statSync(join(caches, file));
  truncateSync(join(caches, file), 1000);
  expect(runProgram('programs/hello')).toBe('hello, world!\n');
  expect(statSync(join(caches, file)).size).toBeGreaterThan(size / 2);
});

it('with NODE_DISABLE_COMPILE_CACHE none is written', () => {
  expect(runProgram('programs/hello', { NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('hello, world!\n');
  expect(written()).toEqual({});
});

it.runIf(process.platform === 'linux')('of many workers that find none, one writes it', async () => {
  mkdirSync(caches);
  const begun = new Set<string | null>();
  const watcher = watch(caches, (_event, file) => {
    if (file?.startsWith('worker-main') && !file.endsWith('.bin')) begun.add(file);
  });
  const library = JSON.stringify(pathToFileURL(join(dist, 'index.js')));
  const program = `await (await import(${library})).run(process.argv[1], { coreThreads: 16, stdout: 'ignore' })`;
  const command = ['--input-type=module', '-e', program, fixture('programs/hello-threads')];
  await promisify(execFile)(process.execPath, command, { timeout: 60_000 });
  await vi.waitUntil(() => begun.size > 0);
  watcher.close();
  expect(begun.size).toBe(1);
  expect(Object.keys(written()).map((file) => file.replace(/-0\..*bin$/, ''))).toEqual(['worker-main']);
});
