/** Starting processes where there is no place for another thread. */
import { afterEach, expect, test, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import type { StackImage } from '../../../../src/kernel/threads/stack-switch.js';
import { threadAt } from '../../../../src/kernel/threads/thread-record.js';
import { THREAD, ThreadState } from '../../../../src/kernel/threads/thread-words.js';
import { createPoolWords, POOL } from '../../../../src/pool/pool-memory.js';
import { Programs, type RunningProgram } from '../../../../src/runtime/thread/programs.js';
import { addProcess, addThread, kernelRun } from '../../kernel/processes/kernel-run.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A process that forks on the one worker of a pool while a thread that is over has kept its record. */
function forkAtLimit() {
  const kernel = kernelRun();
  const process = addProcess(kernel);
  const [main, over] = [addThread(kernel, process), addThread(kernel, process, 77)];
  Atomics.store(kernel.words, over.record + THREAD.STATE, ThreadState.ENDED);
  Object.assign(main, { memory: { refreshed: () => ({ bytes: new Uint8Array(8) }) } });
  const pool = createPoolWords(1);
  pool[POOL.BUSY] = 1;
  const image = { key: 1, memory: {} };
  const running = { image, thread: main, successor: undefined } as unknown as RunningProgram;
  const spawner = { pool, key: 1, serial: 1, requestGrowth: () => undefined };
  const programs = new Programs(running, spawner, { post: () => undefined });
  const child = addProcess(kernel, main.tid);
  return { kernel, pool, fork: () => programs.fork(child, {} as StackImage) };
}

/** Has waits of Atomics take their time at once, as time that `process.hrtime` tells, and `meanwhile` happen in them. */
function fakeWaits(meanwhile: (now: number) => void): () => number {
  let now = 0;
  vi.spyOn(process, 'hrtime').mockImplementation(() => [Math.floor(now / 1000), (now % 1000) * 1e6]);
  vi.spyOn(Atomics, 'wait').mockImplementation((...args) => {
    now += args[3] ?? 0;
    if (now > 60_000) throw new Error('it waits for ever');
    meanwhile(now);
    return 'timed-out';
  });
  return () => now;
}

test('a start waits for the worker of a thread that is over', () => {
  const { pool, fork } = forkAtLimit();
  const now = fakeWaits((time) => {
    if (time >= 20) pool[POOL.BUSY] = 0;
  });
  fork();
  expect(now()).toBe(20);
});

test('a start does not wait for ever for one that never leaves', () => {
  const { kernel, fork } = forkAtLimit();
  const used = () =>
    Array.from({ length: 4 }, (_, index) => kernel.words[threadAt(kernel, index) + THREAD.STATE]);
  const before = used();
  const now = fakeWaits(() => undefined);
  expect(fork).toThrow(expect.objectContaining({ errno: Errno.AGAIN }));
  expect(now()).toBeGreaterThan(1000);
  expect(used()).toEqual(before);
});
