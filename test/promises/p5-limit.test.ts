/** P5: past the limit `thread-spawn` answers AGAIN at once, and one notice says which option raises the limit. */
import { describe, expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';

const TIMEOUT = 30_000;
const EXPECTED = 'accepted 3, then -6\nfinished 3\nfinished 4\n';

describe('at maxThreads', () => {
  it('a spawn is refused with AGAIN, and there is room again when a thread has ended', {
    timeout: TIMEOUT,
  }, async () => {
    const { stdout, stats } = await runGuest('threads/spawn-past-limit', { maxThreads: 4 });
    expect(stdout).toBe(EXPECTED);
    expect(stats).toMatchObject({ threadsSpawned: 4, peakThreads: 4 });
  });

  it('one notice names the limit and the option', { timeout: TIMEOUT }, async () => {
    const { notices } = await runGuest('threads/spawn-past-limit', { maxThreads: 4 });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/limit of 4 threads.*--max-threads/);
  });

  it('the refusal comes at once when the other threads are parked', { timeout: TIMEOUT }, async () => {
    const lines: string[] = [];
    await runGuest('threads/spawn-past-limit', {
      maxThreads: 4,
      coreThreads: 4,
      trace: (line) => lines.push(line),
    });
    const refused = lines.findIndex((line) => / = -AGAIN$/.test(line));
    const startOf = (index: number) => Number(/\d+\.\d+/.exec(lines[index] ?? '')?.[0]);
    expect(refused).toBeGreaterThan(0);
    // Lines are stamped with the start of the call, and the next call follows the refusal at once.
    expect(startOf(refused + 1) - startOf(refused)).toBeLessThan(0.5);
  });
});

describe('at the size of a shared pool', () => {
  it('a spawn is refused, with the size of the pool as the limit', { timeout: TIMEOUT }, async () => {
    const pool = new ObservedPool({ maxSize: 4 });
    const { stdout, notices } = await runGuest('threads/spawn-past-limit', { pool });
    expect(stdout).toBe(EXPECTED);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/\b4\b/);
    await pool.shutdownJoin(1000);
  });

  it('a program that cannot even start ends with a fault that names the pool', {
    timeout: TIMEOUT,
  }, async () => {
    const pool = new ObservedPool({ name: 'small', maxSize: 1 });
    const first = runGuest('ends/wait-forever', { pool, timeout: 500 });
    const { reason, exitCode, message } = await runGuest('programs/hello', { pool });
    expect({ reason, exitCode }).toEqual({ reason: 'fault', exitCode: 70 });
    expect(message).toMatch(/pool "small".*all its 1 workers are busy/);
    await first;
    expect((await runGuest('programs/hello', { pool })).exitCode).toBe(0);
    await pool.shutdownJoin(1000);
  });
});
