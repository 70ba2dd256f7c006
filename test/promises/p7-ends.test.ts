/**
 * P7: the end is certain. The first exit or trap wins; every other thread is ended whatever it is doing, within a
 * bound; nothing is left in the pool.
 */
import { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type GuestOptions, runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';

/** What the other threads are doing when the end comes (fixtures/ends/ends.c). */
const STATES = ['none', 'atomic', 'futex', 'spin', 'poll', 'read', 'sleep', 'join', 'write'];
/** From the end to the result, on a machine that is busy with other things. The guest itself waits 20 ms. */
const BOUND_MS = 2500;

const pool = new ObservedPool({ name: 'ends', maxSize: 16 });
afterAll(() => pool.shutdownJoin(1000));

const silence = () => new Readable({ read: () => undefined });

async function expectEnd(options: GuestOptions, expected: object): Promise<void> {
  const stdin = silence();
  const result = await runGuest('ends/ends', { pool, stdin, deadline: 10_000, ...options });
  stdin.destroy();
  expect(result).toMatchObject(expected);
  expect(result.notices).toEqual([]);
  expect(result.stats.runMs).toBeLessThan(BOUND_MS);
  expect(pool.counters).toMatchObject({ busy: 0, pending: 0 });
}

describe.each(STATES)('with threads in %s', (doing) => {
  it.each(['main', 'child'])(
    'an exit of %s ends them all with its code',
    { timeout: 15_000 },
    async (who) => {
      await expectEnd(
        { args: ['exit', who, doing] },
        { reason: 'exit', exitCode: 42, stdout: 'last words\n', signal: undefined },
      );
    },
  );

  it.each(['main', 'child'])(
    'a trap of %s ends them all, and its thread is named',
    {
      timeout: 15_000,
    },
    async (who) => {
      const spawned = doing === 'none' ? 0 : 4;
      const tid = who === 'main' ? 1 : spawned === 0 ? 2 : spawned + 1;
      await expectEnd(
        { args: ['trap', who, doing] },
        { reason: 'trap', exitCode: 134, stdout: 'last words\n', tid, message: 'unreachable' },
      );
    },
  );
});

describe('from outside', () => {
  const running = ['ends/wait-forever', 'ends/spin-forever', 'ends/reader', 'ends/writer-thread'];

  it.each(running)('the time limit ends %s', { timeout: 15_000 }, async (name) => {
    const stdin = silence();
    const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
    const result = await runGuest(name, { pool, stdin, stdout, timeout: 300 });
    stdin.destroy();
    expect(result).toMatchObject({ reason: 'timeout', exitCode: 124, tid: 0 });
    expect(result.stats.runMs).toBeLessThan(300 + BOUND_MS);
  });

  it.each(running)('an abort ends %s as SIGTERM would', { timeout: 15_000 }, async (name) => {
    const stdin = silence();
    const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
    const abort = new AbortController();
    const result = runGuest(name, { pool, stdin, stdout, signal: abort.signal });
    await pause(300);
    const began = performance.now();
    abort.abort();
    expect(await result).toMatchObject({ reason: 'signal', exitCode: 143, signal: 'SIGTERM' });
    expect(performance.now() - began).toBeLessThan(BOUND_MS);
    stdin.destroy();
  });

  it('an abort before the start ends the program too', { timeout: 15_000 }, async () => {
    const result = await runGuest('ends/spin-forever', { pool, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ reason: 'signal', exitCode: 143 });
  });
});

describe('races', () => {
  it('of 8 exits at once one wins, and it is one of them', { timeout: 30_000 }, async () => {
    for (let run = 0; run < 20; run++) {
      const { reason, exitCode } = await runGuest('ends/exit-race', { pool });
      expect(reason).toBe('exit');
      expect([10, 11, 12, 13, 14, 15, 16, 17]).toContain(exitCode);
    }
  });

  it('an exit while threads are being spawned', { timeout: 60_000 }, async () => {
    for (let run = 0; run < 10; run++) {
      const { exitCode } = await runGuest('ends/exit-while-spawning', { maxThreads: 100 });
      expect(exitCode).toBe(7);
    }
  });

  it('a trap while 8 threads write', { timeout: 30_000 }, async () => {
    for (let run = 0; run < 10; run++) {
      const { reason, exitCode } = await runGuest('ends/abort-while-writing', { pool });
      expect({ reason, exitCode }).toEqual({ reason: 'trap', exitCode: 134 });
    }
  });
});
