/** A pool whose first worker boots before the pool is made. */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as threads from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { createWaiting } from '../../src/pool/waiting-worker.js';
import { WorkerPool } from '../../src/pool/worker-pool.js';

const url = new URL('./jobs.mjs', import.meta.url).href;
const dist = fileURLToPath(new URL('../../dist/worker.cjs', import.meta.url));
const broken = fileURLToPath(new URL('./never-boots.mjs', import.meta.url));

const pools: WorkerPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.shutdownJoin(0);
});

function makePool(script: string) {
  const waiting = createWaiting(threads, script, 'early');
  const pool = new WorkerPool(dist, { maxSize: 2 });
  pool.takeOver(waiting);
  pools.push(pool);
  return { pool, waiting };
}

it('gives it the first task, and makes others as they are needed', async () => {
  const { pool, waiting } = makePool(dist);
  const add = (...args: number[]) => pool.evaluate<number>({ url, exportName: 'add', args });
  expect(await add(1, 2)).toBe(3);
  expect(pool.counters).toMatchObject({ created: 1, current: 1 });
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const held = [1, 2].map(() => pool.evaluate({ url, exportName: 'hold', args: [gate] }));
  while (Atomics.load(gate, 1) < 2) await pause(5);
  expect(pool.counters).toMatchObject({ created: 2, current: 2 });
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  await Promise.all(held);
  const gone = new Promise((resolve) => waiting.worker.once('exit', resolve));
  expect(await pool.shutdownJoin()).toBe(true);
  await gone;
});

it('may be made when the worker has booted long since', async () => {
  const waiting = createWaiting(threads, dist, 'early');
  await new Promise((resolve) => waiting.worker.once('online', resolve));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const pool = new WorkerPool(dist, { maxSize: 1 });
  pool.takeOver(waiting);
  pools.push(pool);
  expect(await pool.evaluate({ url, exportName: 'add', args: [1, 2] })).toBe(3);
});

it('goes on without it where it does not boot', async () => {
  const { pool } = makePool(broken);
  expect(await pool.evaluate({ url, exportName: 'add', args: [1, 2] })).toBe(3);
  expect(pool.counters).toMatchObject({ created: 2, current: 1 });
});
