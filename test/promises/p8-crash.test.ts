/** P8: a worker that dies ends its program with a clear error, and the pool replaces it. */
import { afterAll, expect, it } from 'vitest';
import { run } from '../../src/index.js';
import { guest, within } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';
import { exportEntry, functionType, i32, importEntry, moduleOf } from '../unit/runtime/binary/encode.js';

const TIMEOUT = 60_000;
const pool = new ObservedPool({ maxSize: 8, resourceLimits: { maxOldGenerationSizeMb: 24 } });
afterAll(() => pool.shutdownJoin(1000));

const threadImports = new URL('./exhaust-heap.mjs', import.meta.url);

const nothing = functionType([], []);
const threadEntry = functionType([i32, i32], []);
const spawnType = functionType([i32], [i32]);
const memory = importEntry('env', 'memory', [2, 3, 1, 2]);
const exhaust = importEntry('env', 'exhaust', [0, 0]);
const spawn = importEntry('wasi', 'thread-spawn', [0, 2]);

/** `_start` calls `exhaust`. */
const inMain = moduleOf({
  types: [nothing],
  imports: [memory, exhaust],
  functions: [0],
  exports: [exportEntry('_start', 0, 1)],
  bodies: [[0, 0x10, 0, 0x0b]],
});

/** `_start` spawns a thread, which calls `exhaust`, and waits for ever. */
const inThread = moduleOf({
  types: [nothing, threadEntry, spawnType],
  imports: [memory, exhaust, spawn],
  functions: [0, 1],
  exports: [exportEntry('_start', 0, 2), exportEntry('wasi_thread_start', 0, 3)],
  bodies: [
    [0, 0x41, 0, 0x10, 1, 0x1a, 0x41, 0, 0x41, 0, 0x42, 0x7f, 0xfe, 0x01, 2, 0, 0x1a, 0x0b],
    [0, 0x10, 0, 0x0b],
  ],
});

it.each([
  { name: 'main thread', module: inMain, tid: 1 },
  { name: 'spawned thread', module: inThread, tid: 2 },
])(
  'a $name that reaches the heap limit ends the program with a fault',
  {
    timeout: TIMEOUT,
  },
  async ({ module, tid }) => {
    const end = await within(TIMEOUT - 5000, pool, run(module, { pool, threadImports }));
    expect(end).toMatchObject({ reason: 'fault', exitCode: 70, tid });
    expect(end.message).toMatch(/out of memory.*heap limit/);
  },
);

it('the pool goes on with other programs, those under way too', { timeout: TIMEOUT }, async () => {
  const options = { pool, stdout: 'string' as const };
  const beside = run(guest('threads/tls'), { ...options, args: ['300'] });
  const crashing = run(inThread, { pool, threadImports });
  const results = await within(TIMEOUT - 5000, pool, Promise.all([beside, crashing]));
  expect(results[0]).toMatchObject({ exitCode: 0, stdout: 'ran 300, differing 0\n' });
  expect(results[1]).toMatchObject({ reason: 'fault' });
  const after = await within(
    TIMEOUT - 5000,
    pool,
    run(guest('threads/barrier'), { ...options, args: ['7'] }),
  );
  expect(after).toMatchObject({ exitCode: 0, stdout: '7 threads met, 0 early\n' });
  expect(pool.counters).toMatchObject({ busy: 0, pending: 0 });
});

it('a start function that traps while a worker gets ready for the next thread ends no worker', {
  timeout: TIMEOUT,
}, async () => {
  const warm = new ObservedPool({ coreSize: 3 });
  await warm.warm();
  const end = await within(TIMEOUT - 5000, warm, run(guest('threads/late-start-trap'), { pool: warm }));
  expect(end).toMatchObject({ reason: 'exit', exitCode: 0 });
  expect(warm.counters).toMatchObject({ created: 3, current: 3 });
  await warm.shutdownJoin(1000);
});
