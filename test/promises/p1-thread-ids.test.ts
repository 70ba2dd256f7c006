/**
 * P1: thread ids are consecutive in spawn order within a process. The main thread's is 1, the first spawned gets the
 * next, and none is skipped or used twice, whatever the spawns come to.
 */
import { expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';

const TIMEOUT = 30_000;

it('ids follow the order of the spawns, whichever thread makes them', { timeout: TIMEOUT }, async () => {
  const { stdout } = await runGuest('threads/tids-consecutive');
  expect(stdout).toBe('last tid 26, differing 0\n');
});

it('every program begins at 1 again, on a pool that served others before', { timeout: TIMEOUT }, async () => {
  const pool = new ObservedPool({ maxSize: 4 });
  for (let run = 0; run < 10; run++) {
    const { stdout } = await runGuest('threads/hello-thread', { pool });
    expect(stdout).toBe('thread 2: hello\nmain 1: joined 2\n');
  }
  await pool.shutdownJoin(1000);
});

it('a refused spawn skips no id', { timeout: TIMEOUT }, async () => {
  const lines: string[] = [];
  await runGuest('threads/spawn-past-limit', { maxThreads: 4, trace: (line) => lines.push(line) });
  const results = lines.flatMap((line) => /thread-spawn\(.* = (-?\w+)/.exec(line)?.[1] ?? []);
  expect(results).toContain('-AGAIN');
  expect(results.filter((result) => result !== '-AGAIN')).toEqual(['2', '3', '4', '5']);
});

it('1,000 threads one after the other have the ids 2 to 1,001', { timeout: TIMEOUT }, async () => {
  const { stdout } = await runGuest('threads/spawn-join', { args: ['1000'] });
  expect(stdout).toBe('ran 1000, highest tid 1001, out of order 0\n');
});
