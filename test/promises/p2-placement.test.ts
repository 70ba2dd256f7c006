/**
 * P2: the lowest-numbered idle worker gets the thread, a new worker gets the next number, starts happen in spawn
 * order. Each worker's number is in its thread's record, which outlives the thread.
 */
import { describe, expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';

const TIMEOUT = 60_000;
const RUNS = 5;

/** Thread n on worker n − 1, for `count` threads. */
const inOrder = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [i + 1, i]));

async function placement(pool: ObservedPool, name: string, args: string[]): Promise<Record<number, number>> {
  await runGuest(name, { pool, args, deadline: 10_000 });
  return pool.workersByThread;
}

describe('on a warm pool', () => {
  it('threads alive at once are on the workers in the order of their spawns', {
    timeout: TIMEOUT,
  }, async () => {
    const pool = new ObservedPool({ maxSize: 16 });
    await pool.warm(9);
    for (let run = 0; run < RUNS; run++) {
      expect(await placement(pool, 'threads/barrier', ['8'])).toEqual(inOrder(9));
    }
    expect(pool.counters.created).toBe(9);
    await pool.shutdownJoin(1000);
  });

  it('threads joined one by one all have the lowest idle worker', { timeout: TIMEOUT }, async () => {
    const pool = new ObservedPool({ maxSize: 16 });
    await pool.warm(4);
    for (let run = 0; run < RUNS; run++) {
      const { 1: main, ...joined } = await placement(pool, 'threads/spawn-join-wasix', ['50', 'host']);
      expect(main).toBe(0);
      expect(new Set(Object.values(joined))).toEqual(new Set([1]));
    }
    expect(pool.counters).toMatchObject({ created: 4, peak: 2 });
    await pool.shutdownJoin(1000);
  });
});

describe('on a pool that grows', () => {
  it('a new worker has the next number, and the map is the same in every run', {
    timeout: TIMEOUT,
  }, async () => {
    for (let run = 0; run < RUNS; run++) {
      const pool = new ObservedPool({ maxSize: 16 });
      expect(await placement(pool, 'threads/barrier', ['6'])).toEqual(inOrder(7));
      expect(pool.counters).toMatchObject({ created: 7, started: 7 });
      await pool.shutdownJoin(1000);
    }
  });
});
