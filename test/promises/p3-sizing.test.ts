/** P3: sizing is explicit: the core is booted before the program starts, else growth is lazy and has a maximum. */
import { expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';

const TIMEOUT = 30_000;

it('no worker is created that no thread needed', { timeout: TIMEOUT }, async () => {
  const { stats } = await runGuest('threads/hello-thread');
  expect(stats).toMatchObject({ threadsSpawned: 1, peakThreads: 2, workersCreated: 2, workersReused: 0 });
});

it('a program without threads needs one worker', { timeout: TIMEOUT }, async () => {
  const { stats } = await runGuest('programs/hello');
  expect(stats).toMatchObject({ threadsSpawned: 0, peakThreads: 1, workersCreated: 1 });
});

it('coreThreads are there before the program starts', { timeout: TIMEOUT }, async () => {
  const pool = new ObservedPool({ maxSize: 16 });
  const { stats } = await runGuest('threads/barrier', { pool, args: ['5'], coreThreads: 6 });
  expect(stats).toMatchObject({ threadsSpawned: 5, peakThreads: 6, workersCreated: 0 });
  expect(pool.counters).toMatchObject({ created: 6, reused: 0 });
  await pool.shutdownJoin(1000);
});

it('threads that are joined by thread_join never grow a warm pool', { timeout: TIMEOUT }, async () => {
  const pool = new ObservedPool({ maxSize: 8 });
  await pool.warm(2);
  const { stats } = await runGuest('threads/spawn-join-wasix', { pool, args: ['1000', 'host'] });
  expect(stats.workersCreated).toBe(0);
  await pool.shutdownJoin(1000);
});

it('threads that are joined through guest memory hardly ever do', { timeout: TIMEOUT }, async () => {
  const pool = new ObservedPool({ maxSize: 64 });
  await pool.warm(3);
  const { stats } = await runGuest('threads/spawn-join', { pool, args: ['1000'] });
  // The join may return before the thread has let go of its worker; on a busy machine by some milliseconds.
  expect(stats.workersCreated).toBeLessThanOrEqual(2);
  await pool.shutdownJoin(1000);
});

it('workers above the core end after keepAlive', { timeout: TIMEOUT }, async () => {
  const pool = new ObservedPool({ coreSize: 2, maxSize: 16, keepAlive: 100 });
  await runGuest('threads/barrier', { pool, args: ['6'] });
  expect(pool.counters.current).toBe(7);
  const deadline = performance.now() + 10_000;
  while (pool.counters.current > 2 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(pool.counters).toMatchObject({ current: 2, idle: 2, created: 7 });
  await pool.shutdownJoin(1000);
});
