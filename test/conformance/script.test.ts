/** The conformance script runs cases as processes, on the command and on others, and tells what came out. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/conformance.mjs', import.meta.url));

function conformance(...args: string[]) {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-script-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const programs = [
  ...['preview1/args', 'preview1/badf', 'preview1/paths', 'preview1/path-errnos', 'preview1/stdio'],
  ...['preview1/poll-input', 'threads/spawn-join', 'threads/tls', 'ends/trap', 'memory/fault'],
  ...['wasix/pipe-calls', 'wasix/errnos', 'processes/exec', 'load/unknown-imports'],
];

/** A table's row: its counts after the family. */
const rowOf = (stdout: string, family: string) =>
  new RegExp(`^${family}((?: +\\d+)+)$`, 'm').exec(stdout)?.[1]?.trim().split(/ +/).map(Number);

describe('the conformance script', () => {
  it('has a few programs of each family pass on the command', { timeout: 60_000 }, () => {
    const { status, stdout } = conformance(...programs, '--jobs', '2');
    const [cases, passed, failed, skipped] = rowOf(stdout, 'all') ?? [];
    expect({ status, failed, stdout: failed === 0 ? '' : stdout }).toEqual({
      status: 0,
      failed: 0,
      stdout: '',
    });
    expect(passed! + skipped!).toBe(cases);
    expect(cases).toBeGreaterThan(20);
  });

  it('writes what it tells as JSON and JUnit too', { timeout: 30_000 }, () => {
    const [json, junit] = [join(folder, 'out.json'), join(folder, 'out.xml')];
    expect(conformance('preview1/clock', '--json', json, '--junit', junit).status).toBe(0);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
      runtime: 'wasix-run',
      families: { preview1: { cases: 1, passed: 1, failed: 0, skipped: 0 } },
      results: [{ title: 'preview1/clock', outcome: 'passed' }],
    });
    expect(readFileSync(junit, 'utf8')).toContain('<testsuite name="preview1" tests="1" failures="0"');
  });

  it('ends with 1 for a runtime that does nothing, and tells each failure', { timeout: 30_000 }, () => {
    const runtime = join(folder, 'idle.mjs');
    writeFileSync(runtime, 'process.exitCode = 3;');
    const command = `${process.execPath} ${runtime} {wasm} {args}`;
    const { status, stdout } = conformance('preview1/args', 'preview1/clock', '--runtime-command', command);
    expect(status).toBe(1);
    expect(stdout).toContain('FAILED preview1/clock');
    expect(rowOf(stdout, 'preview1')?.[1]).toBe(0);
  });

  it('skips what a runtime does not offer, with the reason', { timeout: 30_000 }, () => {
    const { status, stdout } = conformance('threads/spawn-join', '--runtime', 'node:wasi');
    expect(status).toBe(0);
    expect(stdout).toContain('skipped 2: imports env, wasi');
  });

  it('gives a program standard streams that are pipes', { timeout: 30_000 }, () => {
    const runtime = join(folder, 'streams.mjs');
    writeFileSync(
      runtime,
      `import { fstatSync } from 'node:fs';
       process.exitCode = [0, 1, 2].every((fd) => fstatSync(fd).isFIFO()) ? 0 : 1;`,
    );
    const command = `${process.execPath} ${runtime} {wasm}`;
    const { stdout } = conformance('preview1/clock', '--runtime-command', command);
    expect(rowOf(stdout, 'preview1')).toEqual([1, 1, 0, 0]);
  });
});
