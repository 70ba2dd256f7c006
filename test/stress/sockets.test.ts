/** Connections over and over: no byte is lost, doubled or out of order, no thread waits for ever, nothing is left. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { runGuest } from '../guests.js';
import { LOOPBACK, openDescriptors } from '../net/guest-peer.js';
import { ObservedPool } from '../observed-pool.js';
import { repeat, rounds } from './repeat.js';

const pool = new ObservedPool({ name: 'sockets', maxSize: 32 });
afterAll(() => pool.shutdownJoin(1000));

const { count, timeout } = rounds(4000);
const KIB = 4096;

const load = (args: readonly string[], signal?: AbortSignal) =>
  runGuest('wasix/sock-load', { pool, args, net: LOOPBACK, ...(signal && { signal }) });

const READERS = [
  'blocking',
  'epoll, level-triggered',
  'epoll, edge-triggered',
  'poll',
  'MSG_WAITALL',
  'several buffers',
  'MSG_PEEK first',
  'two threads',
];
const WRITERS = ['blocking', 'epoll, edge-triggered', 'several buffers'];

it.each(READERS)('4 MiB in pieces of random lengths, reader: %s', { timeout }, async (name) => {
  await repeat(count, async (round) => {
    const reader = READERS.indexOf(name);
    const writer = round % WRITERS.length;
    const { stdout, stderr } = await load(['pump', `${reader}`, `${writer}`, `${KIB}`, `${round}`]);
    expect(`${stdout}${stderr}`).toBe(`all ${KIB * 1024}\n`);
  });
  expect(pool.counters).toMatchObject({ busy: 0, pending: 0 });
});

it.each([
  { what: 'resets in the middle of transfers', args: ['resets', '10'], said: 'reset 10\n' },
  { what: 'listeners that are closed while others accept', args: ['closing', '10'], said: 'closed 10\n' },
])('$what', { timeout }, async ({ args, said }) => {
  await repeat(count, async () => {
    const { stdout, stderr } = await load(args);
    expect(`${stdout}${stderr}`).toBe(said);
  });
});

it('programs that end or are killed with connections open leave nothing', { timeout }, async () => {
  await load(['keep', '10']);
  const before = openDescriptors();
  await repeat(count, async (round) => {
    expect((await load(['keep', '100'])).exitCode).toBe(5);
    const abort = new AbortController();
    const result = load(['pump', '0', '0', '1048576', `${round}`], abort.signal);
    await pause((round * 37) % 250);
    abort.abort();
    expect((await result).reason).toBe('signal');
  });
  await expect.poll(openDescriptors).toBeLessThanOrEqual(before);
  expect(pool.counters).toMatchObject({ busy: 0, pending: 0 });
});
