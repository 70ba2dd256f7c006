/** Processes under load, over and over: no end is lost, nothing is left behind, in the kernel or on the host. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { HEADER } from '../../src/kernel/memory/kernel-memory.js';
import { type GuestOptions, type GuestResult, runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';
import { repeat, rounds } from './repeat.js';

const pool = new ObservedPool({ name: 'processes', maxSize: 96 });
afterAll(() => pool.shutdownJoin(1000));

const { count, timeout } = rounds(20_000);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const programs = here('../../fixtures/processes');

function runHere(name: string, args: readonly string[], options: GuestOptions = {}): Promise<GuestResult> {
  const dirs = [{ host: programs, guest: '/bin', readOnly: true }];
  return runGuest(`processes/${name}`, { pool, args, dirs, ...options });
}

/** Runs a program that checks itself. Its processes must be gone from the pool when it is over. */
async function runClean(name: string, args: readonly string[], options?: GuestOptions): Promise<void> {
  const { exitCode, stdout, notices } = await runHere(name, args, options);
  const expected = { exitCode: 0, stdout: expect.not.stringContaining('FAIL') };
  expect({ exitCode, stdout }, notices.join('\n')).toEqual(expected);
  expect(pool.counters).toMatchObject({ busy: 0, pending: 0 });
  expect([...pool.running.keys()]).toEqual([]);
}

it.each(['exit', 'pipes', 'chain', 'kill'])(
  `children one after the other (%s), ${count * 100}`,
  { timeout },
  async (how) => {
    await repeat(count, () => runClean('loop', ['100', how]));
  },
);

it(`at the limit of 4 threads a process starts 3 children, and as soon as one is over another, ${count} times`, {
  timeout,
}, async () => {
  await repeat(count, async () => {
    const { exitCode, stdout } = await runGuest('processes/limits', {
      args: ['threads'],
      dirs: [{ host: programs, guest: '/bin', readOnly: true }],
      maxThreads: 4,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.not.stringContaining('FAIL') });
  });
});

it.each(['exit', 'pipes', 'chain', 'kill'])(
  'kernel memory does not grow by the children that are over (%s)',
  { timeout },
  async (how) => {
    const brk = async (times: string) => {
      await runClean('loop', [times, how]);
      return pool.latest!.kernel.words[HEADER.BREAK];
    };
    // A child may still be closing its descriptors when the next one opens its own: how many at once is a matter of time.
    const after20: number[] = [];
    const after200: number[] = [];
    for (let round = 0; round < 3; round++) {
      after20.push((await brk('20'))!);
      after200.push((await brk('200'))!);
    }
    expect(Math.min(...after200)).toBeLessThanOrEqual(Math.max(...after20));
  },
);

it(`a sieve of processes, ${count} times`, { timeout }, async () => {
  await repeat(count, () => runClean('sieve', ['100'], { deadline: 60_000 }));
});

it(`50 children at once, ${count * 2} times`, { timeout }, async () => {
  await repeat(count, () => runClean('many', ['50', '2'], { deadline: 60_000 }));
});

it(`10,000 signals between two processes, ${count} times`, { timeout }, async () => {
  await repeat(count, () => runClean('storm', ['5000', '5000']));
});

it(`processes killed in all states, at once and a little later, ${count} times`, { timeout }, async () => {
  await repeat(count, (number) => runClean('kill', ['3', String(number % 3)], { deadline: 30_000 }));
});

it(`exec with threads in all states, ${count * 4} times`, { timeout }, async () => {
  await repeat(count * 4, async (number) => {
    const mode = ['all', 'two threads', 'thread', 'spinning'][number % 4]!;
    const { exitCode, stdout } = await runHere('exec', [mode]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('pid 1 of 0') });
  });
});

it(`a process that is killed while it execs over and over, ${count * 4} times`, { timeout }, async () => {
  await repeat(count * 4, () => runClean('exec', ['killed']));
});

it.each(['bomb', 'wild bomb', 'generations', 'threads'])(
  `forks (%s), ${count * 2} times`,
  { timeout },
  async (mode) => {
    await repeat(count * 2, () => runClean('fork', [mode], { maxProcesses: 6 }));
  },
);

it(`programs with children, killed ${count * 8} times after 0 to 60 ms, end each time`, {
  timeout,
}, async () => {
  const scripts = [
    () => ['many', '20', '100'],
    () => ['loop', '1000', 'chain'],
    () => ['sieve', '2000'],
    () => ['storm', '100000', '100000'],
    () => ['kill', '100', '0'],
  ] as const;
  await repeat(count * 8, async (number) => {
    const [name, ...args] = scripts[number % scripts.length]!();
    const abort = new AbortController();
    const result = runHere(name!, args, { signal: abort.signal, deadline: 15_000 });
    setTimeout(() => abort.abort(), (number * 7) % 60);
    const { reason, notices } = await result;
    expect({ reason, notices }).toEqual({ reason: 'signal', notices: [] });
    expect(pool.counters).toMatchObject({ busy: 0, pending: 0 });
  });
});

it.skipIf(process.platform !== 'linux')(
  'after 300 runs with children no descriptor, thread or handle is left (counted in /proc)',
  { timeout: 180_000 },
  async () => {
    const script = here('./process-leak-counters.mjs');
    const args = [
      '--expose-gc',
      script,
      new URL('../../dist/index.js', import.meta.url).href,
      programs,
      '300',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 170_000 });
    const [early, last, after] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const held = ({ descriptors, threads, workers, resources }: Record<string, unknown>) => ({
      descriptors,
      threads,
      workers,
      resources,
    });
    expect(held(last!)).toEqual(held(early!));
    expect(after).toEqual({ after: [] });
    expect((last!.rss as number) - (early!.rss as number), stdout).toBeLessThan(100e6);
  },
);
