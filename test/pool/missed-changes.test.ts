/** A change between the look that decides to wait and the wait itself is not missed. */
import { afterEach, expect, it, vi } from 'vitest';
import { Changes } from '../../src/pool/changes.js';
import { POOL } from '../../src/pool/pool-memory.js';
import { within } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';

const DEADLINE = 10_000;
const jobs = new URL('./jobs.mjs', import.meta.url).href;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Has this thread wait, as a slow one would, until `happened` before it begins to wait for a change. */
function waitAfter(happened: () => boolean): void {
  const { next } = Changes.prototype;
  vi.spyOn(Changes.prototype, 'next').mockImplementation(function (this: Changes, ...args) {
    const deadline = performance.now() + DEADLINE;
    const word = new Int32Array(new SharedArrayBuffer(4));
    while (!happened() && performance.now() < deadline) Atomics.wait(word, 0, 0, 1);
    return next.apply(this, args);
  });
}

it('warm hears of a worker that has booted in between', async () => {
  const pool = new ObservedPool({ maxSize: 4 });
  waitAfter(() => Atomics.load(pool.words, POOL.BOOTING) === 0);
  await within(DEADLINE, pool, pool.warm(4));
  expect(pool.counters).toMatchObject({ current: 4, idle: 4 });
  expect(Changes.prototype.next).toHaveBeenCalled();
  await pool.shutdownJoin(1000);
});

it('a queued job hears of a worker that was released in between', async () => {
  const pool = new ObservedPool({ maxSize: 1 });
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const held = pool.evaluate({ url: jobs, exportName: 'hold', args: [gate] });
  while (Atomics.load(gate, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  waitAfter(() => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    return Atomics.load(pool.words, POOL.BUSY) === 0;
  });
  const queued = pool.evaluate<number>({ url: jobs, exportName: 'workerNumber' });
  expect(await within(DEADLINE, pool, queued)).toBe(0);
  expect(Changes.prototype.next).toHaveBeenCalled();
  await within(DEADLINE, pool, held);
  await pool.shutdownJoin(1000);
});
