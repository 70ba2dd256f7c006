/** The pool with its workers, by jobs of `evaluate`. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { PoolOptions } from '../../src/index.js';
import { within } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';

const url = new URL('./jobs.mjs', import.meta.url).href;
const DEADLINE = 10_000;

const pools: ObservedPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await within(DEADLINE, pool, pool.shutdownJoin(0));
});

function makePool(options: PoolOptions): ObservedPool {
  const pool = new ObservedPool(options);
  pools.push(pool);
  return pool;
}

function evaluate<T>(pool: ObservedPool, exportName: string, ...args: unknown[]): Promise<T> {
  return within(DEADLINE, pool, pool.evaluate<T>({ url, exportName, args }));
}

/** A job that holds its worker until it is let go. */
interface Holding {
  readonly worker: Promise<number>;
  release(): void;
}

async function hold(pool: ObservedPool): Promise<Holding> {
  const gate = new Int32Array(new SharedArrayBuffer(8));
  const worker = evaluate<number>(pool, 'hold', gate);
  await until(() => Atomics.load(gate, 1) === 1);
  const release = () => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };
  return { worker, release };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${DEADLINE} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe('sizing (P3)', () => {
  it('creates nothing before it is needed, then one worker for each busy job', async () => {
    const pool = makePool({ maxSize: 4 });
    expect(pool.counters).toMatchObject({ current: 0, created: 0 });
    const held = [await hold(pool), await hold(pool)];
    expect(pool.counters).toMatchObject({ current: 2, busy: 2, idle: 0, created: 2 });
    for (const { release } of held) release();
    await Promise.all(held.map(({ worker }) => worker));
    await until(() => pool.counters.idle === 2);
    await evaluate(pool, 'workerNumber');
    expect(pool.counters).toMatchObject({ current: 2, created: 2, started: 3, reused: 1, peak: 2 });
  });

  it('boots the core, or as many as are asked for, when warmed', async () => {
    const pool = makePool({ coreSize: 2, maxSize: 4 });
    await within(DEADLINE, pool, pool.warm());
    expect(pool.counters).toMatchObject({ current: 2, idle: 2 });
    await within(DEADLINE, pool, pool.warm(3));
    expect(pool.counters).toMatchObject({ current: 3, idle: 3 });
    await within(DEADLINE, pool, pool.warm(99));
    expect(pool.counters).toMatchObject({ current: 4, idle: 4, created: 4 });
  });

  it('ends workers above the core after keepAlive, and keeps the core', { timeout: 20_000 }, async () => {
    const pool = makePool({ coreSize: 1, maxSize: 4, keepAlive: 50 });
    await within(DEADLINE, pool, pool.warm(4));
    await until(() => pool.counters.current === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(pool.counters).toMatchObject({ current: 1, idle: 1, created: 4 });
    expect(await evaluate(pool, 'add', 1, 2)).toBe(3);
  });

  it('keeps a worker that is used more often than keepAlive', async () => {
    const pool = makePool({ maxSize: 2, keepAlive: 300 });
    const before = await evaluate<{ threadId: number }>(pool, 'countCalls');
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await evaluate(pool, 'workerNumber');
    }
    expect(await evaluate(pool, 'countCalls')).toEqual({ calls: 2, threadId: before.threadId });
    expect(pool.counters.created).toBe(1);
  });

  it.each([
    [{ coreSize: 3, maxSize: 2 }, /coreSize 3 is larger than maxSize 2/],
    [{ maxSize: 0 }, /maxSize must be a whole number of at least 1/],
    [{ coreSize: -1 }, /coreSize must be/],
    [{ keepAlive: 0.5 }, /keepAlive must be/],
  ])('refuses the sizes %j', (options, message) => {
    expect(() => new ObservedPool(options)).toThrow(message);
  });
});

describe('order (P2)', () => {
  /** Five holders with releases between them: which worker each of them got. */
  async function script(): Promise<number[]> {
    const pool = makePool({ maxSize: 4 });
    await pool.warm(3);
    const workers: Promise<number>[] = [];
    const start = async () => {
      const held = await hold(pool);
      workers.push(held.worker);
      return async () => {
        const idle = pool.counters.idle;
        held.release();
        await until(() => pool.counters.idle === idle + 1);
      };
    };
    const endFirst = await start();
    const endSecond = await start();
    const endThird = await start();
    await endSecond();
    const endFourth = await start();
    await endThird();
    await endFirst();
    const endFifth = await start();
    const endSixth = await start();
    for (const end of [endFourth, endFifth, endSixth]) await end();
    return Promise.all(workers);
  }

  it('gives each job the lowest-numbered idle worker, the same in every run', {
    timeout: 60_000,
  }, async () => {
    for (let run = 0; run < 5; run++) expect(await script()).toEqual([0, 1, 2, 1, 0, 2]);
  });

  it('starts queued jobs first in, first out, when there are more than workers', async () => {
    const pool = makePool({ maxSize: 1 });
    const held = await hold(pool);
    const finished: number[] = [];
    const jobs = Array.from({ length: 20 }, (_, i) =>
      evaluate<number>(pool, 'add', i, 100).then((sum) => finished.push(sum - 100)),
    );
    expect(finished).toEqual([]);
    held.release();
    await Promise.all(jobs);
    expect(finished).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(pool.counters).toMatchObject({ created: 1, started: 21 });
  });
});

describe('jobs', () => {
  it('resolve to a clone of what the function answers', async () => {
    const pool = makePool({ maxSize: 2 });
    expect(await evaluate(pool, 'add', 'a', 'b')).toBe('ab');
    expect(await evaluate(pool, 'sleep', 5)).toBe(0);
  });

  it('reject with what the function throws, and the worker goes on', async () => {
    const pool = makePool({ maxSize: 1 });
    await expect(evaluate(pool, 'fail', 'on purpose')).rejects.toThrow(new RangeError('on purpose'));
    expect(await evaluate(pool, 'add', 1, 2)).toBe(3);
    expect(pool.counters.created).toBe(1);
  });

  it('reject when there is no such function or module', async () => {
    const pool = makePool({ maxSize: 1 });
    await expect(evaluate(pool, 'nothing')).rejects.toThrow(/exports no function "nothing"/);
    const missing = new URL('./missing.mjs', import.meta.url).href;
    await expect(within(DEADLINE, pool, pool.evaluate({ url: missing }))).rejects.toThrow(/missing\.mjs/);
  });

  it('reject when their arguments cannot be cloned', async () => {
    const pool = makePool({ maxSize: 1 });
    await expect(evaluate(pool, 'add', () => 1)).rejects.toThrow(/could not be cloned/);
    expect(await evaluate(pool, 'add', 1, 2)).toBe(3);
  });

  it('are refused after shutdown, also those that were queued behind it', async () => {
    const pool = makePool({ name: 'closed-pool', maxSize: 1 });
    const held = await hold(pool);
    const queued = evaluate(pool, 'add', 1, 2);
    pool.shutdown();
    const refused = expect(queued).rejects.toThrow(/"closed-pool" is shut down/);
    held.release();
    await held.worker;
    await refused;
    await expect(evaluate(pool, 'add', 1, 2)).rejects.toThrow(/shut down/);
  });
});

describe('join', () => {
  it('resolves true at once when nothing runs, and when the last job is over', async () => {
    const pool = makePool({ maxSize: 1 });
    expect(await pool.join()).toBe(true);
    const held = await hold(pool);
    const queued = evaluate<number>(pool, 'add', 1, 2);
    const joined = pool.join();
    held.release();
    expect(await within(DEADLINE, pool, joined)).toBe(true);
    expect(await queued).toBe(3);
  });

  it('resolves false when the time is up, and the pool stays usable', async () => {
    const pool = makePool({ maxSize: 2 });
    const held = await hold(pool);
    const began = performance.now();
    expect(await pool.join(100)).toBe(false);
    expect(performance.now() - began).toBeGreaterThanOrEqual(95);
    expect(await evaluate(pool, 'add', 1, 2)).toBe(3);
    held.release();
  });
});

describe('shutdown', () => {
  it('lets running jobs finish and then ends all workers', async () => {
    const pool = makePool({ maxSize: 2 });
    const sleeping = evaluate(pool, 'sleep', 100);
    await until(() => pool.counters.busy === 1);
    expect(await within(DEADLINE, pool, pool.shutdownJoin())).toBe(true);
    expect(await sleeping).toBe(0);
    expect(pool.counters).toMatchObject({ current: 0, idle: 0, busy: 0 });
  });

  it('without join ends idle workers at once and busy ones after their job', async () => {
    const pool = makePool({ maxSize: 2 });
    await pool.warm(2);
    const held = await hold(pool);
    pool.shutdown();
    await until(() => pool.counters.current === 1);
    held.release();
    await held.worker;
    await until(() => pool.counters.current === 0);
  });

  it('shutdownJoin(ms) ends what still runs, a spinning job too, and says so', async () => {
    const pool = makePool({ maxSize: 2 });
    const spinning = evaluate(pool, 'spin');
    const lost = expect(spinning).rejects.toThrow(/ended with code 1/);
    await until(() => pool.counters.busy === 1);
    const began = performance.now();
    expect(await within(DEADLINE, pool, pool.shutdownJoin(100))).toBe(false);
    expect(performance.now() - began).toBeLessThan(5000);
    await lost;
    expect(pool.counters.current).toBe(0);
  });
});

describe('a worker that dies (P8)', () => {
  it('fails its job with a clear error and is replaced under the same number', async () => {
    const pool = makePool({ coreSize: 2, maxSize: 2 });
    await pool.warm();
    const held = await hold(pool);
    const died = evaluate(pool, 'endWorker');
    await expect(died).rejects.toThrow('worker 1 ended with code 3');
    await until(() => pool.counters.idle === 1);
    expect(await evaluate(pool, 'workerNumber')).toBe(1);
    held.release();
    expect(await held.worker).toBe(0);
    expect(pool.counters).toMatchObject({ current: 2, created: 3 });
  });

  it('at its heap limit takes nobody along', { timeout: 60_000 }, async () => {
    const pool = makePool({ maxSize: 2, resourceLimits: { maxOldGenerationSizeMb: 24 } });
    const held = await hold(pool);
    const job = pool.evaluate({ url, exportName: 'exhaustHeap' });
    await expect(within(30_000, pool, job)).rejects.toMatchObject({ code: 'ERR_WORKER_OUT_OF_MEMORY' });
    expect(await evaluate(pool, 'add', 1, 2)).toBe(3);
    held.release();
    expect(await held.worker).toBe(0);
  });

  it('leaves queued jobs to its replacement', async () => {
    const pool = makePool({ maxSize: 1 });
    const died = evaluate(pool, 'endWorker');
    const next = evaluate<number>(pool, 'add', 1, 2);
    await expect(died).rejects.toThrow('ended with code 3');
    expect(await next).toBe(3);
  });
});

it('an idle pool does not keep Node alive', { timeout: 20_000 }, async () => {
  const program = fileURLToPath(new URL('./idle-pool.mjs', import.meta.url));
  const index = new URL('../../dist/index.js', import.meta.url).href;
  const run = promisify(execFile)(process.execPath, [program, index], { timeout: DEADLINE });
  expect((await run).stdout).toBe('idle 2\n');
});
