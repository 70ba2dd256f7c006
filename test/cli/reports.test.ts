/** `--stats` and `--trace`: on stderr, beside an output that stays as it is. */
import { expect, test } from 'vitest';
import { fixture, wasixRun } from './wasix-run.js';

test('--stats ends with an aligned table of counts and times', async () => {
  const { status, stdout, stderr } = await wasixRun([
    '--stats',
    fixture('ends/trap'),
    'unreachable',
    'child',
  ]);
  expect({ status, stdout }).toEqual({ status: 134, stdout: 'before\n' });
  const rows = stderr.trimEnd().split('\n').slice(-6);
  expect(rows.map((row) => row.replace(/ +[\d.]+$/, ''))).toEqual([
    'threads spawned',
    'peak live threads',
    'workers created',
    'workers reused',
    'start-up (ms)',
    'run (ms)',
  ]);
  expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  expect(rows[0]).toMatch(/ 1$/);
  expect(rows[1]).toMatch(/ 2$/);
});

test('--core-threads makes workers ready before the program starts', async () => {
  const { status, stderr } = await wasixRun([
    '--core-threads',
    '4',
    '--stats',
    fixture('ends/trap'),
    'unreachable',
    'child',
  ]);
  expect(status).toBe(134);
  expect(stderr).toMatch(/^workers created +0$/m);
});

test('--trace shows each call with its thread and result, a line each', async () => {
  const { status, stdout, stderr } = await wasixRun(['--trace', fixture('programs/hello')]);
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'hello, world!\n' });
  expect(stderr).toMatch(/^\[tid 1\] .*args_get\(.*\) = SUCCESS$/m);
  expect(stderr).toMatch(/^\[tid 1\] .*fd_write\(fd=1, .*hello, world.*\) = SUCCESS$/m);
  expect(stderr.endsWith('\n')).toBe(true);
});
