/** What cannot be loaded is told from what cannot be found, each in a line that names it, never with a stack trace. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixture, wasixRun } from './wasix-run.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'wasix-run-cli-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const files: [what: string, bytes: Uint8Array, says: RegExp][] = [
  ['an empty file', Buffer.from(''), /is empty/],
  ['a text file', Buffer.from('just some words\n'), /./],
  ['a script', Buffer.from('#!/bin/sh\necho hello\n'), /script/],
  ['WebAssembly text', Buffer.from('(module)\n'), /text/],
  ['a component', Buffer.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), /component/],
  ['half a header', Buffer.from([0, 0x61, 0x73, 0x6d, 1]), /./],
  ['a section cut short', Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 99, 1]), /ends/],
];

test.each(files)('%s: status 126', async (_what, bytes, says) => {
  const path = join(directory, 'input.wasm');
  writeFileSync(path, bytes);
  const { status, stdout, stderr } = await wasixRun([path]);
  expect({ status, stdout }).toEqual({ status: 126, stdout: '' });
  expect(stderr).toMatch(says);
  expectOneError(stderr, path);
});

test('a directory: status 126', async () => {
  const { status, stderr } = await wasixRun([directory]);
  expect(status).toBe(126);
  expect(stderr).toContain(`${directory} is a directory`);
  expectOneError(stderr, directory);
});

test.skipIf(process.platform === 'win32')('a device without end: status 126', async () => {
  const { status, stderr } = await wasixRun(['/dev/zero']);
  expect(status).toBe(126);
  expectOneError(stderr, '/dev/zero');
});

test.skipIf(process.platform === 'win32')('a module that comes through a FIFO is run', async () => {
  const fifo = join(directory, 'module.fifo');
  execFileSync('mkfifo', [fifo]);
  const [{ status, stdout }] = await Promise.all([
    wasixRun([fifo]),
    writeFile(fifo, readFileSync(fixture('programs/hello'))),
  ]);
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'hello, world!\n' });
});

test('a missing file: status 127', async () => {
  const path = join(directory, 'missing.wasm');
  const { status, stderr } = await wasixRun([path]);
  expect(status).toBe(127);
  expectOneError(stderr, path);
});

test('inspect of a missing file and of no module: the same status and message as for running them', async () => {
  const path = join(directory, 'missing.wasm');
  expect(await wasixRun(['inspect', path])).toEqual(await wasixRun([path]));
  const component = fixture('load/component');
  expect(await wasixRun(['inspect', component])).toEqual(await wasixRun([component]));
});

test('imports that nobody offers are all named, a line each: status 126', async () => {
  const { status, stderr } = await wasixRun([fixture('load/unknown-imports')]);
  expect(status).toBe(126);
  expect(stderr.split('\n')[0]).toMatch(/^wasix-run: .*unknown-imports\.wasm needs imports/);
  for (const name of ['fd_teleport', 'thread_teleport', 'mystery', 'host.log', 'level']) {
    expect(stderr).toMatch(new RegExp(`^  \\S*${name} `, 'm'));
  }
});

test('a module larger than the memory limit: status 126 and the option that raises it', async () => {
  const { status, stderr } = await wasixRun(['--max-memory', '64m', fixture('load/huge-memory')]);
  expect(status).toBe(126);
  expect(stderr).toContain('--max-memory');
});

function expectOneError(stderr: string, name: string): void {
  const [first = '', ...rest] = stderr.trimEnd().split('\n');
  expect(first.startsWith(`wasix-run: ${name}`)).toBe(true);
  for (const line of rest) expect(line).toMatch(/^ {2}hint: /);
  expect(rest.length).toBeLessThan(2);
}
