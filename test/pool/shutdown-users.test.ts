/** A pool that is shut down ends the programs that run on it before it terminates workers. */
import { expect, it } from 'vitest';
import { run, ThreadPool } from '../../src/index.js';
import { guest } from '../guests.js';

/** Resolves when `count` tasks have started. */
async function started(pool: ThreadPool, count: number): Promise<void> {
  while (pool.counters.started < count) await new Promise((resolve) => setTimeout(resolve, 2));
}

const programs = [
  { name: 'ends/wait-forever', args: [], threads: 3 },
  { name: 'ends/spin-forever', args: [], threads: 1 },
  { name: 'ends/writer-thread', args: [], threads: 2 },
];

it.each(programs)(
  '$name ends as a killed program does',
  { timeout: 20_000 },
  async ({ name, args, threads }) => {
    const pool = new ThreadPool({ maxSize: 16 });
    const result = run(guest(name), { pool, args, stdout: 'string', stderr: 'string' });
    await started(pool, threads);
    expect(await pool.shutdownJoin(20)).toBe(false);
    expect(await result).toMatchObject({ reason: 'signal', signal: 'SIGKILL' });
    expect(pool.counters).toMatchObject({ current: 0, busy: 0, pending: 0 });
  },
);

it('only users that have tasks are asked to end, once each, pending tasks included', {
  timeout: 20_000,
}, async () => {
  const pool = new ThreadPool({ maxSize: 4 });
  const asked: number[] = [];
  for (const key of [1, 2, 3]) {
    pool.addUser(key, {
      message: () => undefined,
      taskLost: () => undefined,
      end: async () => {
        asked.push(key);
        pool.cancelPending(key);
      },
    });
  }
  const url = new URL('./jobs.mjs', import.meta.url).href;
  const lost = expect(pool.evaluate({ url, exportName: 'spin' })).rejects.toThrow('shut down');
  for (const key of [2, 3, 2]) pool.submit([2, key, 0]);
  expect(await pool.shutdownJoin(0)).toBe(false);
  expect(asked.sort()).toEqual([2, 3]);
  await lost;
});

it('jobs that no worker has yet are refused', { timeout: 20_000 }, async () => {
  const pool = new ThreadPool({ name: 'closing', maxSize: 1 });
  const url = new URL('./jobs.mjs', import.meta.url).href;
  const never = expect(pool.evaluate({ url, exportName: 'add', args: [1, 2] })).rejects.toThrow(
    'the pool "closing" is shut down',
  );
  await pool.shutdownJoin(0);
  await never;
});
