/** Programs killed at a moment of no meaning: in their start, in the middle of a spawn, while they end. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';
import { repeat, rounds } from './repeat.js';

const pool = new ObservedPool({ name: 'kill', maxSize: 64 });
afterAll(() => pool.shutdownJoin(1000));

const names = [
  'threads/spawn-join',
  'threads/grandchildren',
  'threads/mutex-contention',
  'ends/abort-while-writing',
  'ends/spin-forever',
];
const { count, timeout } = rounds(2000);

it.each(names)(
  `%s, killed ${count * 4} times after 0 to 40 ms, ends each time`,
  { timeout },
  async (name) => {
    await repeat(count * 4, async (number) => {
      const abort = new AbortController();
      const result = runGuest(name, { pool, signal: abort.signal, deadline: 10_000 });
      await pause((number * 7) % 40);
      abort.abort();
      const { reason, notices } = await result;
      expect(['signal', 'exit', 'trap']).toContain(reason);
      expect(notices).toEqual([]);
      expect(pool.counters).toMatchObject({ busy: 0, pending: 0 });
    });
  },
);
