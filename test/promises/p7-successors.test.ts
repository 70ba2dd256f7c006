/**
 * P7: the end of a process is its own. The host looks at what is ending and then acts on it, while guest threads go on:
 * by then another process may have its place in the tables of the run. Here the host is held up between the two.
 */
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import { InCall } from '../../src/kernel/threads/thread-words.js';
import type { Task } from '../../src/pool/pool-memory.js';
import { runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';

const TIMEOUT = 20_000;
const programs = fileURLToPath(new URL('../../fixtures/processes', import.meta.url));

afterEach(() => {
  vi.restoreAllMocks();
});

/** Holds this thread up. */
function holdUp(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

async function expectSuccess(mode: string, pool: ObservedPool): Promise<void> {
  const { stdout, notices } = await runGuest('processes/successor', {
    pool,
    args: [mode],
    dirs: [{ host: programs, guest: '/bin', readOnly: true }],
  });
  expect({ stdout, notices }).toEqual({ stdout: expect.not.stringContaining('FAIL'), notices: [] });
  expect(stdout).toContain('ok the next');
  await pool.shutdownJoin(1000);
}

it('a process that waits for a worker stays when another one in its place has ended', {
  timeout: TIMEOUT,
}, async () => {
  class SlowPool extends ObservedPool {
    override cancelPending(key: number, filter?: (task: Task) => boolean): Task[] {
      holdUp(150);
      return super.cancelPending(key, filter);
    }
  }
  await expectSuccess('waiting', new SlowPool());
});

it.each([
  ['does not notice', 0],
  ['goes on when it has tried to come back from the guest', 150],
])(
  'a thread is not ended instead of that of a process in whose place it is, and %s',
  {
    timeout: TIMEOUT,
  },
  async (_, afterwards) => {
    const { compareExchange } = Atomics;
    vi.spyOn(Atomics, 'compareExchange').mockImplementation(((
      words: Int32Array,
      ...args: [number, number, number]
    ) => {
      const condemns = args[1] === InCall.NO && args[2] === InCall.CONDEMNED;
      if (condemns) holdUp(300);
      const seen = compareExchange(words, ...args);
      if (condemns && seen === InCall.NO) holdUp(afterwards);
      return seen;
    }) as typeof Atomics.compareExchange);
    const pool = new ObservedPool();
    await pool.warm(2);
    await expectSuccess('running', pool);
  },
);
