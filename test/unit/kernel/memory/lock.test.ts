import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { HOST_OWNER, lock, unlock } from '../../../../src/kernel/memory/lock.js';

/** The lock compiled for plain workers, which add to an unprotected counter under it. */
function lockSource(): string {
  const entry = new URL('../../../../src/kernel/memory/lock.ts', import.meta.url).pathname;
  const { outputFiles } = buildSync({ entryPoints: [entry], bundle: true, format: 'cjs', write: false });
  return outputFiles[0]!.text;
}

const ROUNDS = 20_000;
const WORKERS = 4;

describe('lock', () => {
  it('lets one thread in at a time and loses no wake-up', async () => {
    const words = new Int32Array(new SharedArrayBuffer(64));
    const source = `${lockSource()}
      const { workerData } = require('node:worker_threads');
      const { words, owner } = workerData;
      for (let i = 0; i < ${ROUNDS}; i++) {
        module.exports.lock(words, 0, owner);
        words[1] = words[1] + 1;
        module.exports.unlock(words, 0);
      }`;
    const workers = Array.from(
      { length: WORKERS },
      (_, i) => new Worker(source, { eval: true, workerData: { words, owner: i + 1 } }),
    );
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
    expect(words[1]).toBe(ROUNDS * WORKERS);
    expect(words[0]).toBe(0);
  }, 20_000);

  it('is taken over by the host from a thread that stays in it, which is gone', () => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    lock(words, 0, 3);
    lock(words, 0, HOST_OWNER);
    unlock(words, 0);
    expect(words[0]).toBe(0);
  }, 20_000);
});
