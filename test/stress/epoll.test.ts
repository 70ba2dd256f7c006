/** Epoll under load, over and over: no wake-up is lost, nothing is left watched. */
import { afterAll, expect, it } from 'vitest';
import { HEADER } from '../../src/kernel/memory/kernel-memory.js';
import { runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';
import { repeat, rounds } from './repeat.js';

const pool = new ObservedPool({ name: 'epoll', maxSize: 16 });
afterAll(() => pool.shutdownJoin(1000));

const { count, timeout } = rounds(4000);

/** Runs the program, which checks itself, and looks whether its process has left watches behind. */
async function runClean(name: string, args: readonly string[]): Promise<void> {
  const { exitCode, stdout } = await runGuest(name, { pool, args });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.not.stringContaining('FAIL') });
  expect(pool.latest!.kernel.words[HEADER.EPOLL_ITEMS]).toBe(0);
}

it.each(['level', 'edge', 'oneshot'])(
  `4 servers handle what 3 clients send over 1,000 pipes (%s), ${count} times`,
  { timeout },
  async (manner) => {
    await repeat(count, () => runClean('wasix/epoll-server', [manner, '1000', '4', '3', '2000']));
  },
);

it(`a server for each of few pipes, so that they sleep between messages, ${count} times`, {
  timeout,
}, async () => {
  await repeat(count, (number) => {
    const manner = ['level', 'edge', 'oneshot'][number % 3]!;
    return runClean('wasix/epoll-server', [manner, '2', '4', '1', '2000']);
  });
});

it(`descriptors and sets are closed while threads wait on them, ${count} times`, { timeout }, async () => {
  await repeat(count, () => runClean('wasix/epoll-churn', ['200']));
});

it(`threads in epoll_wait end with the program, ${count} times`, { timeout }, async () => {
  await repeat(count, () => runClean('wasix/epoll-threads', []));
});
