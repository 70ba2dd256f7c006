/** Many runs at once in one host process. */
import { describe, expect, it } from 'vitest';
import { type GuestOptions, runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';

const TIMEOUT = 60_000;

/** Twenty programs that end in all ways, and what each must come to. */
const programs: readonly [name: string, options: GuestOptions, expected: object][] = [
  ['threads/hello-thread', {}, { exitCode: 0, stdout: 'thread 2: hello\nmain 1: joined 2\n' }],
  ['threads/barrier', { args: ['6'] }, { exitCode: 0, stdout: '6 threads met, 0 early\n' }],
  ['threads/tls', { args: ['50'] }, { exitCode: 0, stdout: 'ran 50, differing 0\n' }],
  ['threads/mutex-contention', { args: ['atomic'] }, { exitCode: 0, stdout: 'counter 80000\n' }],
  ['programs/cat', { stdin: { text: 'text' } }, { exitCode: 0, stdout: 'text' }],
  ['programs/hello', { args: ['you', '3'] }, { exitCode: 3, stdout: 'hello, you!\n' }],
  ['ends/ends', { args: ['exit', 'child', 'atomic'] }, { exitCode: 42, stdout: 'last words\n' }],
  ['ends/ends', { args: ['trap', 'main', 'spin'] }, { exitCode: 134, stdout: 'last words\n' }],
  ['ends/spin-forever', { timeout: 400 }, { exitCode: 124 }],
  ['ends/output-kept', { args: ['exit', 'child'] }, { exitCode: 5 }],
];

describe('20 runs at once', () => {
  it('on one pool do not disturb each other', { timeout: TIMEOUT }, async () => {
    const pool = new ObservedPool({ maxSize: 200 });
    const runs = [...programs, ...programs].map(([name, options]) =>
      runGuest(name, { ...options, pool, deadline: TIMEOUT - 5000 }),
    );
    const results = await Promise.all(runs);
    for (const [i, result] of results.entries()) {
      const [name, , expected] = programs[i % programs.length]!;
      expect(result, name).toMatchObject(expected);
    }
    expect(pool.counters).toMatchObject({ busy: 0, pending: 0 });
    await pool.shutdownJoin(1000);
  });

  it('on a pool of their own each do not either', { timeout: TIMEOUT }, async () => {
    const runs = programs.map(([name, options]) =>
      runGuest(name, { ...options, maxThreads: 16, deadline: TIMEOUT - 5000 }),
    );
    const results = await Promise.all(runs);
    for (const [i, result] of results.entries())
      expect(result, programs[i]![0]).toMatchObject(programs[i]![2]);
  });
});

it('a run on a pool that is shut down is a fault', { timeout: TIMEOUT }, async () => {
  const pool = new ObservedPool({ name: 'closed', maxSize: 2 });
  await pool.shutdownJoin();
  const { reason, message } = await runGuest('programs/hello', { pool });
  expect({ reason, message }).toEqual({
    reason: 'fault',
    message: 'the pool "closed" takes no program: it is shut down',
  });
});

it('ending the pool ends the programs on it', { timeout: TIMEOUT }, async () => {
  const pool = new ObservedPool({ maxSize: 8 });
  const running = ['ends/wait-forever', 'ends/spin-forever'].map((name) => runGuest(name, { pool }));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await pool.shutdownJoin(100)).toBe(false);
  for (const { reason, exitCode } of await Promise.all(running))
    expect({ reason, exitCode }).toEqual({ reason: 'signal', exitCode: 137 });
});
