/** The handle of `spawn`. */
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { LoadError, spawn } from '../../src/index.js';
import { guestPath } from '../guests.js';

describe('spawn', { timeout: 15_000 }, () => {
  it('passes bytes both ways', async () => {
    const child = spawn(guestPath('programs/cat'));
    child.stdin!.write('one ');
    child.stdin!.end('two');
    expect(await text(child.stdout!)).toBe('one two');
    expect(await child.wait()).toMatchObject({ reason: 'exit', exitCode: 0, stdout: undefined });
  });

  it('gives no pipe for a stream that was set', async () => {
    const child = spawn(guestPath('programs/hello'), { stdin: 'ignore', stdout: 'string', stderr: 'ignore' });
    expect([child.stdin, child.stdout, child.stderr]).toEqual([null, null, null]);
    expect((await child.wait()).stdout).toBe('hello, world!\n');
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGKILL', 137],
    [2, 130],
  ] as const)('kill(%s) ends a program, with status %i', async (signal, exitCode) => {
    const child = spawn(guestPath('ends/spin-forever'));
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    expect(child.kill(signal)).toBe(true);
    expect(await child.wait()).toMatchObject({ reason: 'signal', exitCode });
    expect(child.kill(signal)).toBe(false);
  });

  it('kill before the program has started ends it too', async () => {
    const child = spawn(guestPath('ends/spin-forever'));
    child.kill();
    expect(await child.wait()).toMatchObject({ signal: 'SIGTERM' });
  });

  it('refuses what is no signal', async () => {
    const child = spawn(guestPath('programs/hello'));
    expect(() => child.kill(99)).toThrow(RangeError);
    await child.wait();
  });

  it('rejects when the program cannot be started, and ends its streams', async () => {
    const child = spawn('/nowhere/at-all.wasm');
    expect(await text(child.stdout!)).toBe('');
    await expect(child.wait()).rejects.toThrow(LoadError);
  });
});
