/** The exit status, and what is said beside it. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fixture, wasixRun } from './wasix-run.js';

test.each([0, 1, 42, 255])("the guest's own code %i is the status, in silence", async (code) => {
  const { status, stderr } = await wasixRun([fixture('ends/exit-code'), 'exit', `${code}`]);
  expect({ status, stderr }).toEqual({ status: code, stderr: '' });
});

test('a trap: 134, the thread that trapped, what it was, and the frames of the guest only', async () => {
  const { status, stdout, stderr } = await wasixRun([fixture('ends/trap'), 'unreachable', 'child']);
  expect({ status, stdout }).toEqual({ status: 134, stdout: 'before\n' });
  const [first, ...frames] = stderr.trimEnd().split('\n');
  expect(first).toBe('wasix-run: thread 2 trapped: unreachable');
  expect(frames.length).toBeGreaterThan(0);
  for (const frame of frames) expect(frame).toMatch(/^ {4}at .*wasm/);
});

test('a trap in the main thread names thread 1', async () => {
  const { status, stderr } = await wasixRun([fixture('ends/trap'), 'divide']);
  expect(status).toBe(134);
  expect(stderr).toMatch(/^wasix-run: thread 1 trapped: divide by zero\n/);
});

test('a signal the guest dies by: 128 + n, in silence', async () => {
  const { status, stderr } = await wasixRun([fixture('wasix/exit-by-signal'), '15', 'child']);
  expect({ status, stderr }).toEqual({ status: 143, stderr: '' });
});

test.each([
  ['300ms', 'wasix-run: time limit of 300 ms reached\n'],
  ['0.5', 'wasix-run: time limit of 500 ms reached\n'],
  ['1', 'wasix-run: time limit of 1 s reached\n'],
])('the time limit %s: 124 and a line that tells it', async (limit, line) => {
  const { status, stderr } = await wasixRun(['--timeout', limit, fixture('ends/spin-forever')]);
  expect({ status, stderr }).toEqual({ status: 124, stderr: line });
});

test('inspect tells whether a module can run', async () => {
  const runs = await wasixRun(['inspect', fixture('programs/hello')]);
  expect({ status: runs.status, stderr: runs.stderr }).toEqual({ status: 0, stderr: '' });
  expect(runs.stdout).toContain('can run here');
  const fails = await wasixRun(['inspect', fixture('load/unknown-imports')]);
  expect(fails.status).toBe(126);
  expect(fails.stdout).toContain('fd_teleport');
});

describe('a module called inspect', () => {
  const folder = mkdtempSync(join(tmpdir(), 'called-inspect-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (args: string[]) => wasixRun(args, { cwd: folder });

  test.each(['programs/hello', 'programs/hello-threads'])(
    'is run behind -- or as ./inspect: %s',
    async (name) => {
      copyFileSync(fixture(name), join(folder, 'inspect'));
      const outcome = await wasixRun([fixture(name), '5']);
      expect(outcome.status).toBe(0);
      for (const args of [['./inspect'], ['--', 'inspect'], ['--env', 'A=b', '--', 'inspect']]) {
        expect(await run([...args, '5'])).toEqual(outcome);
      }
    },
  );

  test('that is not there is missed, not inspected', async () => {
    const other = { cwd: tmpdir() };
    expect((await wasixRun(['./inspect'], other)).stderr).toContain('./inspect: no such file');
    const behind = await wasixRun(['--', 'inspect', fixture('programs/hello')], other);
    expect(behind).toMatchObject({
      status: 127,
      stdout: '',
      stderr: expect.stringContaining('inspect: no such'),
    });
  });

  test('is not what an option with the value -- leaves the subcommand to be', async () => {
    mkdirSync(join(folder, '--'));
    const { status, stderr } = await run(['--dir', '--', 'inspect', fixture('programs/hello')]);
    expect(status).toBe(2);
    expect(stderr).toContain('inspect takes no options');
  });
});
