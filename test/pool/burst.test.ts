/** Tasks taken back before they started boot no workers. */
import { afterEach, expect, it } from 'vitest';
import { ThreadPool } from '../../src/runtime/thread-pool.js';

const KEY = 77;
const BURST = 500;

let pool: ThreadPool;
afterEach(() => pool.shutdownJoin(0));

it('a burst of 500 that is aborted does not boot 500 workers', async () => {
  pool = new ThreadPool({ maxSize: 600 });
  pool.addUser(KEY, { message: () => undefined, taskLost: () => undefined, end: () => Promise.resolve() });
  for (let i = 0; i < BURST; i++) pool.submit([2, KEY, i]);
  const cancelled = pool.cancelPending(KEY);
  expect(cancelled.map((task) => task[2])).toEqual(Array.from({ length: BURST }, (_, i) => i));
  await pool.warm(1);
  expect(await pool.join(5000)).toBe(true);
  expect(pool.counters).toMatchObject({ pending: 0, busy: 0, started: 0 });
  expect(pool.counters.created).toBeLessThan(BURST / 10);
});

it('only the tasks asked for are taken back: jobs and other users keep theirs', async () => {
  pool = new ThreadPool({ maxSize: 8 });
  const url = new URL('./jobs.mjs', import.meta.url).href;
  const sum = pool.evaluate<number>({ url, exportName: 'add', args: [1, 2] });
  for (let i = 0; i < 4; i++) pool.submit([2, i % 2 === 0 ? KEY : 1, i]);
  expect(pool.cancelPending(1, (task) => task[2] === 3).map((task) => task[2])).toEqual([3]);
  expect(pool.cancelPending(KEY).map((task) => task[2])).toEqual([0, 2]);
  expect(pool.counters.pending).toBe(2);
  expect(await sum).toBe(3);
});
