/** What a worker does when it has had nothing to do for a while. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ThreadPool } from '../../src/runtime/thread-pool.js';

const url = new URL('./jobs.mjs', import.meta.url).href;

it('gives back the memory of what is garbage, and takes the next task as any other', async () => {
  const pool = new ThreadPool({ maxSize: 1 });
  const job = <T>(exportName: string, ...args: unknown[]) => pool.evaluate<T>({ url, exportName, args });
  try {
    await job('leaveGarbage');
    expect(await job('isCollected')).toBe(false);
    await pause(1500);
    expect(await job('isCollected')).toBe(true);
    expect(await job('add', 1, 2)).toBe(3);
    await job('leaveGarbage');
    await pause(1500);
    expect(await job('isCollected')).toBe(true);
    expect(pool.counters).toMatchObject({ created: 1, idle: 1 });
  } finally {
    await pool.shutdownJoin();
  }
});
