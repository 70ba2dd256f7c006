/** adapters/wasix-run.py gives the WASI test suite's runner a command line that runs a test, in every form it asks. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guestPath } from '../guests.js';

const adapter = fileURLToPath(new URL('../../adapters/wasix-run.py', import.meta.url));
const cli = fileURLToPath(new URL('../../dist/wasix-run.cjs', import.meta.url));
const env = { ...process.env, WASIX_RUN: `"${process.execPath}" "${cli}"` };
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Evaluates an expression in which `adapter` is the adapter, loaded as the runner loads it. */
function evaluate(expression: string): unknown {
  const code = `
import importlib.util, json, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("adapter", sys.argv[1])
adapter = importlib.util.module_from_spec(spec)
spec.loader.exec_module(adapter)
print(json.dumps(${expression}))`;
  return JSON.parse(execFileSync('python3', ['-c', code, adapter], { env, encoding: 'utf8' }));
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'suite-adapter-'));
  writeFileSync(join(folder, 'hello.txt'), 'hello world\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(hasPython)('the adapter for the WASI test suite (skipped without python3)', () => {
  it('tells name, version and what it supports, and is silent as a program', () => {
    expect(evaluate('[adapter.get_name(), adapter.get_wasi_versions()]')).toEqual([
      'wasix-run',
      ['wasm32-wasip1'],
    ]);
    expect(evaluate('adapter.get_version()')).toMatch(/^\d+\.\d+\.\d+/);
    const { stdout, stderr, status } = spawnSync('python3', [adapter, '--version'], {
      env,
      encoding: 'utf8',
    });
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
  });

  it.each([
    ['arguments one by one', 'test, args, env, dirs'],
    ['with the version', 'test, args, env, dirs, "wasm32-wasip1"'],
    ['in a tuple, with proposals and version', 'test, (args, env, dirs), [], "wasm32-wasip1"'],
  ])('makes a command line that runs the test: %s', { timeout: 20_000 }, (_name, form) => {
    const argv = evaluate(`(lambda test, args, env, dirs: adapter.compute_argv(${form}))(
      ${JSON.stringify(guestPath('oracle/suite'))}, ["one", "two words"], {"NAME": "a=b"},
      [(Path(${JSON.stringify(folder)}), "/")])`) as string[];
    expect(argv.slice(2)).toEqual([
      ...['--env', 'NAME=a=b', '--dir', `${folder}::/`, guestPath('oracle/suite'), 'one', 'two words'],
    ]);
    const { status, stdout } = spawnSync(argv[0]!, argv.slice(1), { encoding: 'utf8' });
    expect(stdout).not.toContain('FAIL');
    expect(status).toBe(0);
  });
});
