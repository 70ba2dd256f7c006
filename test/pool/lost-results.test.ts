/** Jobs and warm-ups settle, and retired workers go, whatever jobs leave behind and whatever the system refuses. */
import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { ThreadPool } from '../../src/runtime/thread-pool.js';

const { Worker } = workerThreads;
const url = new URL('./leaving-jobs.mjs', import.meta.url).href;
const evaluate = (pool: ThreadPool, exportName: string, ...args: unknown[]) =>
  pool.evaluate({ url, exportName, args });

afterEach(() => {
  workerThreads.Worker = Worker;
  syncBuiltinESMExports();
});

it.each(['answersFunction', 'throwsFunction'])(
  'a job whose outcome cannot be cloned is rejected, and the next one gets its worker (%s)',
  { timeout: 10_000 },
  async (name) => {
    const pool = new ThreadPool({ maxSize: 1 });
    const first = evaluate(pool, name);
    const second = evaluate(pool, 'answers', 2);
    await expect(first).rejects.toThrow('could not be cloned');
    expect(await second).toBe(2);
    expect(pool.counters.created).toBe(1);
    await pool.shutdownJoin();
  },
);

it('a job that leaves a timer behind does not keep its worker from retiring', {
  timeout: 10_000,
}, async () => {
  const pool = new ThreadPool({ maxSize: 1, keepAlive: 0 });
  expect(await evaluate(pool, 'leavesTimer')).toBe('left');
  await vi.waitUntil(() => pool.counters.current === 0, 5000);
  expect(await evaluate(pool, 'answers', 1)).toBe(1);
  await pool.shutdownJoin();
});

it('a job gets its arguments as they were when it was asked for', { timeout: 10_000 }, async () => {
  const pool = new ThreadPool({ maxSize: 1 });
  const args: Record<string, unknown>[] = [{ n: 1 }];
  const jobs = [evaluate(pool, 'takes', 50), evaluate(pool, 'takes', 50), evaluate(pool, 'answers', ...args)];
  args[0]!.n = () => 2;
  expect((await Promise.all(jobs))[2]).toEqual({ n: 1 });
  await pool.shutdownJoin();
});

it('a worker that boots while the pool is shut down ends', { timeout: 10_000 }, async () => {
  const pool = new ThreadPool({ coreSize: 1 });
  const warm = pool.warm();
  pool.shutdown();
  await warm;
  await vi.waitUntil(() => pool.counters.current === 0, 5000);
});

it('where the system has no thread left a worker fails to boot, and is tried again', {
  timeout: 10_000,
}, async () => {
  let refusals = 2;
  class Refused extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      if (refusals-- > 0) throw new Error('EAGAIN');
      super(...given);
    }
  }
  workerThreads.Worker = Refused;
  syncBuiltinESMExports();
  const pool = new ThreadPool({ maxSize: 2 });
  await expect(pool.warm(1)).rejects.toThrow('EAGAIN');
  expect(await evaluate(pool, 'answers', 1)).toBe(1);
  expect(pool.counters.current).toBe(1);
  await pool.shutdownJoin();
});
