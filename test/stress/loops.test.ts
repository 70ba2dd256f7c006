/** The same programs over and over: on a pool of their own, and on a shared one whose workers were used before. */
import { afterAll, describe, expect, it } from 'vitest';
import { type GuestOptions, type GuestResult, runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';
import { repeat, rounds } from './repeat.js';

interface Loop {
  readonly name: string;
  readonly options?: GuestOptions;
  /** Milliseconds that a round may take on average. */
  readonly each: number;
  check(result: GuestResult): void;
}

const writes = (stdout: string) => (result: GuestResult) => {
  expect({ exitCode: result.exitCode, stdout: result.stdout }).toEqual({ exitCode: 0, stdout });
};

const loops: readonly Loop[] = [
  {
    name: 'threads/hello-thread',
    each: 1000,
    check: writes('thread 2: hello\nmain 1: joined 2\n'),
  },
  {
    name: 'ends/exit-race',
    each: 1500,
    check({ reason, exitCode, tid }) {
      // The thread that won is the one whose code it is.
      expect({ reason, exitCode }).toEqual({ reason: 'exit', exitCode: tid + 8 });
    },
  },
  {
    name: 'ends/abort-while-writing',
    each: 1500,
    check({ reason, tid }) {
      expect({ reason, tid }).toEqual({ reason: 'trap', tid: 10 });
    },
  },
  {
    name: 'ends/exit-while-spawning',
    each: 3000,
    check: ({ reason, exitCode }) => expect({ reason, exitCode }).toEqual({ reason: 'exit', exitCode: 7 }),
  },
  {
    name: 'threads/spawn-join',
    options: { args: ['500'] },
    each: 1500,
    check: writes('ran 500, highest tid 501, out of order 0\n'),
  },
  {
    name: 'threads/tls',
    options: { args: ['300'], maxThreads: 2 },
    each: 1500,
    check: writes('ran 300, differing 0\n'),
  },
  {
    name: 'threads/barrier',
    options: { args: ['16'] },
    each: 2000,
    check: writes('16 threads met, 0 early\n'),
  },
  { name: 'threads/grandchildren', each: 2000, check: writes('grandchildren 16\n') },
  {
    name: 'threads/mutex-contention',
    options: { args: ['atomic'] },
    each: 2000,
    check: writes('counter 80000\n'),
  },
  {
    name: 'ends/output-kept',
    options: { args: ['exit', 'child'] },
    each: 1500,
    check: ({ exitCode, stdout }) =>
      expect({ exitCode, length: stdout.length }).toEqual({ exitCode: 5, length: 300_000 }),
  },
];

const shared = new ObservedPool({ name: 'stress', maxSize: 128 });
afterAll(() => shared.shutdownJoin(1000));

describe.each([
  { where: 'on a pool of its own', pool: undefined },
  { where: 'on a shared pool', pool: shared },
])('$where', ({ pool }) => {
  for (const { name, options, each, check } of loops) {
    const { count, timeout } = rounds(each);
    it(`${name}, ${count} times`, { timeout }, () =>
      repeat(count, async () => check(await runGuest(name, { ...options, ...(pool && { pool }) }))),
    );
  }

  it('leaves no task behind', () => {
    expect(shared.counters).toMatchObject({ busy: 0, pending: 0 });
  });
});
