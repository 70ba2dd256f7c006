/** P6: a thread cannot tell a reused worker from a new one. */
import { expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';

it('10,000 spawn-joins on 2 workers: thread-locals and globals read as initialised, no spawn fails', {
  timeout: 90_000,
}, async () => {
  const { stdout, stats } = await runGuest('threads/tls', {
    args: ['10000'],
    maxThreads: 2,
    deadline: 80_000,
  });
  expect(stdout).toBe('ran 10000, differing 0\n');
  expect(stats).toMatchObject({
    threadsSpawned: 10_000,
    peakThreads: 2,
    workersCreated: 2,
    workersReused: 9999,
  });
});

it('each thread has a table of its own', { timeout: 30_000 }, async () => {
  expect((await runGuest('threads/table-fresh', { maxThreads: 2 })).exitCode).toBe(0);
});

it('the main thread alone gets the static thread-local storage, on a pool with idle workers', {
  timeout: 60_000,
}, async () => {
  const pool = new ObservedPool({ maxSize: 8 });
  await pool.warm(8);
  for (let run = 0; run < 20; run++) {
    const { stdout } = await runGuest('threads/tls', { pool, args: ['10'] });
    expect(stdout, `run ${run}`).toBe('ran 10, differing 0\n');
  }
  await pool.shutdownJoin(1000);
});

it('a program that trapped or was killed leaves nothing to the next on its workers', {
  timeout: 60_000,
}, async () => {
  const pool = new ObservedPool({ maxSize: 6 });
  for (const how of ['exit', 'trap', 'exit2']) {
    for (const doing of ['atomic', 'spin', 'sleep']) {
      await runGuest('ends/ends', { pool, args: [how, 'child', doing] });
      const { stdout } = await runGuest('threads/tls', { pool, args: ['10'] });
      expect(stdout, `after ${how} while ${doing}`).toBe('ran 10, differing 0\n');
    }
  }
  await pool.shutdownJoin(1000);
});
