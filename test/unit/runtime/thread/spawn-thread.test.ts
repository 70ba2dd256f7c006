/** `thread-spawn` where there is no worker: nothing that came for the thread meanwhile is lost. */
import { afterEach, expect, test, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { Signal } from '../../../../src/abi/signal.js';
import { PROCESS } from '../../../../src/kernel/processes/process-record.js';
import { senderOf } from '../../../../src/kernel/signals/delivery.js';
import { signalProcess } from '../../../../src/kernel/signals/post.js';
import { PROCESS_BIT } from '../../../../src/kernel/signals/signal-set.js';
import { releaseThread } from '../../../../src/kernel/threads/thread-record.js';
import { THREAD } from '../../../../src/kernel/threads/thread-words.js';
import { createPoolWords, POOL } from '../../../../src/pool/pool-memory.js';
import type { ProcessImage } from '../../../../src/runtime/image.js';
import { spawnFrom } from '../../../../src/runtime/thread/spawn-thread.js';
import { addProcess, addThread, kernelRun } from '../../kernel/processes/kernel-run.js';

afterEach(() => {
  vi.restoreAllMocks();
});

test('a signal that the thread was to look at, which finds no worker, comes to the one that spawned it', () => {
  const kernel = kernelRun();
  const process = addProcess(kernel);
  const [main, spawner] = [addThread(kernel, process), addThread(kernel, process, 77)];
  kernel.words[process + PROCESS.SIGNAL_EXPORT] = 1;
  // The main thread has left, and its record is the first that is free.
  releaseThread(kernel, main.record, main.owner);
  const pool = createPoolWords(1);
  pool[POOL.CLOSED] = 1;
  const { add } = Atomics;
  vi.spyOn(Atomics, 'add').mockImplementation(((words: Int32Array, index: number, value: number) => {
    if (index === process + PROCESS.LIVE) signalProcess(senderOf(spawner), process, Signal.USR1);
    return add(words, index, value);
  }) as typeof Atomics.add);
  Object.assign(spawner.memory, { shared: true });
  const image = { traits: {}, memory: { shared: {} } } as unknown as ProcessImage;
  const result = spawnFrom(spawner, { pool, key: 1, serial: 1, requestGrowth: () => undefined }, image, 0);
  expect(result).toBe(-Errno.AGAIN);
  expect(kernel.words[spawner.record + THREAD.PENDING]).toBe(PROCESS_BIT);
});
