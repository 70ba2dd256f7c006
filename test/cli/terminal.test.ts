/** On a terminal of its own, made by script(1). */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { cliPath, fixture, Running } from './wasix-run.js';

const hasScript = spawnSync('script', ['--version']).status === 0;

function onTerminal(...args: string[]): Running {
  const line = [process.execPath, cliPath, ...args].map((word) => `'${word}'`).join(' ');
  return new Running('script', ['--quiet', '--return', '--command', line, '/dev/null']);
}

describe.skipIf(!hasScript)('on a terminal (needs script of util-linux)', () => {
  test('output and status are those of the guest', async () => {
    const { status, stdout } = await onTerminal(fixture('programs/hello'), 'you', '7').outcome;
    expect({ status, stdout }).toEqual({ status: 7, stdout: 'hello, you!\r\n' });
  });

  test('a line typed is read, and end of file ends the input', async () => {
    const running = onTerminal(fixture('ends/reader'));
    running.child.stdin.write('typed\n');
    await running.until('typed\r\ntyped\r\n');
    running.child.stdin.write('\x04');
    expect((await running.outcome).status).toBe(0);
  });

  test('Ctrl-C ends a guest that spins', async () => {
    const running = onTerminal(fixture('ends/spin-forever'));
    await running.until('spinning');
    running.child.stdin.write('\x03');
    expect((await running.outcome).status).toBe(130);
  });

  test('Ctrl-C ends a guest that reads', async () => {
    const running = onTerminal(fixture('ends/reader'));
    running.child.stdin.write('ready\n');
    await running.until('ready\r\nready\r\n');
    running.child.stdin.write('\x03');
    expect((await running.outcome).status).toBe(130);
  });
});
