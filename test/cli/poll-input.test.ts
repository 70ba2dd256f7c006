/** What `poll_oneoff` and `epoll_wait` say of standard input, for each kind of input that the command may have. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliPath, fixture, Running, startCli } from './wasix-run.js';

const program = fixture('preview1/poll-input');

function withInputFile(path: string): string {
  const input = openSync(path, 'r');
  try {
    const { stdout } = spawnSync(process.execPath, [cliPath, program], {
      stdio: [input, 'pipe', 'inherit'],
      encoding: 'utf8',
      timeout: 15_000,
    });
    return stdout;
  } finally {
    closeSync(input);
  }
}

test('a pipe is readable when bytes come and at its end, and not before', async () => {
  const running = startCli([program]);
  await running.until('asking\n');
  running.child.stdin.write('one\n');
  await running.until('line, 4 bytes so far\n');
  running.child.stdin.write('two\n');
  await running.until('line, 8 bytes so far\n');
  running.child.stdin.end();
  const { status, stdout } = await running.outcome;
  expect(status).toBe(0);
  expect(stdout).toMatch(/end after 8 bytes\n$/);
});

test('a file is readable to its end', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wasix-run-poll-'));
  try {
    writeFileSync(join(folder, 'input'), '0123456789\n');
    expect(withInputFile(join(folder, 'input'))).toBe('asking\nline, 11 bytes so far\nend after 11 bytes\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(process.platform === 'win32')('/dev/null is readable at once: it is at its end', () => {
  expect(withInputFile('/dev/null')).toBe('asking\nend after 0 bytes\n');
});

const hasScript = spawnSync('script', ['--version']).status === 0;

function onTerminal(...args: string[]): Running {
  const line = [process.execPath, cliPath, ...args].map((word) => `'${word}'`).join(' ');
  return new Running('script', ['--quiet', '--return', '--command', line, '/dev/null']);
}

describe.skipIf(!hasScript)('on a terminal (needs script of util-linux)', () => {
  test('input is readable for each line that is typed', async () => {
    const running = onTerminal(program);
    await running.until('asking\r\n');
    running.child.stdin.write('typed\n');
    await running.until('line, 6 bytes so far\r\n');
    running.child.stdin.write('\x04');
    const { status, stdout } = await running.outcome;
    expect(status).toBe(0);
    expect(stdout).toMatch(/end after 6 bytes\r\n$/);
  });

  test('an epoll set is silent until something is typed', async () => {
    const running = onTerminal(fixture('wasix/epoll-stdin'), 'silence');
    const { status, stdout } = await running.outcome;
    expect(status).toBe(0);
    expect(stdout).toContain('ok nothing for 30 ms');
  });
});
