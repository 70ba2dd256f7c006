/** Pipes with several writers and readers, over and over: no byte, no piece and no wake-up is lost. */
import { afterAll, expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';
import { repeat, rounds } from './repeat.js';

const pool = new ObservedPool({ name: 'pipes', maxSize: 32 });
afterAll(() => pool.shutdownJoin(1000));

const { count, timeout } = rounds(4000);
const RECORDS_PER_KIB = 16;

it.each([
  { kind: 'pipe', writers: 1, readers: 1, size: 2048 },
  { kind: 'pipe', writers: 8, readers: 1, size: 256 },
  { kind: 'pipe', writers: 1, readers: 8, size: 1024 },
  { kind: 'pipe', writers: 5, readers: 5, size: 256 },
  { kind: 'pair', writers: 4, readers: 4, size: 256 },
])(
  '$writers writers and $readers readers of a $kind',
  { timeout },
  async ({ kind, writers, readers, size }) => {
    const args = [kind, `${writers}`, `${readers}`, `${size}`];
    await repeat(count, async () => {
      const { stdout } = await runGuest('wasix/pipe-many', { pool, args });
      expect(stdout).toBe(`records ${writers * size * RECORDS_PER_KIB} wrong 0 complete\n`);
    });
  },
);

it('a program that ends while its threads wait for pipes', { timeout }, async () => {
  await repeat(count * 2, async (round) => {
    const args = ['exit', `${1 + (round % 8)}`, `${1 + (round % 3)}`, '1000000'];
    const { reason, exitCode } = await runGuest('wasix/pipe-many', { pool, args });
    expect({ reason, exitCode }).toEqual({ reason: 'exit', exitCode: 7 });
  });
  expect(pool.counters).toMatchObject({ busy: 0, pending: 0 });
});
