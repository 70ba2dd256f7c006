/**
 * P4: an accepted spawn always starts. It waits neither for another guest thread to finish, nor, on a warm pool, for
 * any event loop to turn.
 */
import { expect, it } from 'vitest';
import { run } from '../../src/index.js';
import { isEnding } from '../../src/kernel/processes/process-record.js';
import { guest, runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';

it.each([1, 7, 32])(
  '%i threads meet in a barrier on a pool that has room for no more',
  {
    timeout: 60_000,
  },
  async (count) => {
    const { stdout, stats } = await runGuest('threads/barrier', {
      args: [String(count)],
      maxThreads: count + 1,
      deadline: 50_000,
    });
    expect(stdout).toBe(`${count} threads met, 0 early\n`);
    expect(stats).toMatchObject({ threadsSpawned: count, peakThreads: count + 1, workersCreated: count + 1 });
  },
);

it('children spawn grandchildren while the main thread waits', { timeout: 30_000 }, async () => {
  const { stdout } = await runGuest('threads/grandchildren');
  expect(stdout).toBe('grandchildren 16\n');
});

it('programs that share a pool do not wait for each other', { timeout: 60_000 }, async () => {
  const pool = new ObservedPool({ maxSize: 4 * 9 });
  const options = { pool, args: ['8'], deadline: 50_000 };
  const results = await Promise.all([1, 2, 3, 4].map(() => runGuest('threads/barrier', options)));
  for (const { stdout } of results) expect(stdout).toBe('8 threads met, 0 early\n');
  await pool.shutdownJoin(1000);
});

it('a warm pool needs no event loop: threads run and end while the host thread is blocked', {
  timeout: 30_000,
}, async () => {
  const pool = new ObservedPool({ maxSize: 16 });
  await pool.warm(9);
  const result = run(guest('threads/barrier'), { pool, args: ['8'], stdout: 'string' });
  const { kernel, process } = pool.latest!;
  const deadline = performance.now() + 10_000;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  while (!isEnding(kernel, process) && performance.now() < deadline) Atomics.wait(sleeper, 0, 0, 5);
  const ended = isEnding(kernel, process);
  const states = pool.describe();
  expect((await result).stdout).toBe('8 threads met, 0 early\n');
  expect(ended, states).toBe(true);
  await pool.shutdownJoin(1000);
});
