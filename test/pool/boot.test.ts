/** Workers whose script fails: tasks are tried again on others, but not for ever. */
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import type { Task } from '../../src/pool/pool-memory.js';
import type { PoolOptions } from '../../src/pool/pool-options.js';
import { WorkerPool } from '../../src/pool/worker-pool.js';

const url = new URL('./jobs.mjs', import.meta.url).href;
const script = (name: string) => fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));

const pools: WorkerPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.shutdownJoin(0);
});

function makePool(entry: string, options: PoolOptions): WorkerPool {
  const pool = new WorkerPool(script(entry), options);
  pools.push(pool);
  return pool;
}

/** Fails when no new worker was to be created for a while and one was. */
async function expectNoMoreBoots(pool: WorkerPool): Promise<void> {
  const { created } = pool.counters;
  await pause(300);
  expect(pool.counters).toMatchObject({ created, current: 0, pending: 0 });
}

it('a job is given up after three workers failed to boot, and the pool does not go on trying', async () => {
  const pool = makePool('never-boots', { coreSize: 2, maxSize: 4 });
  await expect(pool.evaluate({ url, exportName: 'add', args: [1, 2] })).rejects.toThrow('no boot today');
  expect(pool.counters.created).toBe(3);
  await expectNoMoreBoots(pool);
});

it('the user hears of each task that is given up', async () => {
  const pool = makePool('never-boots', { maxSize: 8 });
  const lost: Task[] = [];
  const allLost = new Promise<void>((resolve) => {
    pool.addUser(5, {
      message: () => undefined,
      taskLost: (task) => lost.push(task) === 4 && resolve(),
      end: () => Promise.resolve(),
    });
  });
  for (let i = 0; i < 4; i++) pool.submit([2, 5, i]);
  await allLost;
  expect(lost.map((task) => task[2])).toEqual([0, 1, 2, 3]);
  await expectNoMoreBoots(pool);
});

it('the core fails to warm with the error of the script', async () => {
  const pool = makePool('never-boots', { coreSize: 2, maxSize: 4 });
  await expect(pool.warm()).rejects.toThrow('no boot today');
  await expectNoMoreBoots(pool);
});

it('after a worker that failed to boot the next one gets its task', async () => {
  const pool = makePool('boots-second', { maxSize: 2 });
  expect(await pool.evaluate({ url, exportName: 'add', args: [1, 2] })).toBe(3);
  expect(pool.counters).toMatchObject({ created: 2, current: 1 });
});

it.runIf(process.platform === 'linux')('a worker is not ended with a file open that it loads', async () => {
  const openScripts = () =>
    readdirSync('/proc/self/fd').filter((fd) => linkOf(`/proc/self/fd/${fd}`) === script('boots-slowly'));
  const pool = makePool('boots-slowly', { maxSize: 1 });
  const job = pool.evaluate({ url, exportName: 'add', args: [1, 2] }).catch((error: Error) => error);
  while (openScripts().length === 0) await pause(5);
  expect(await pool.shutdownJoin(0)).toBe(false);
  expect(await job).toBeInstanceOf(Error);
  expect(openScripts()).toEqual([]);
});

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
