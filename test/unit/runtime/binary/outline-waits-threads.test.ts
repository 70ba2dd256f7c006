import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { readModuleShape } from '../../../../src/runtime/binary/module-shape.js';
import { outlineAtomicWaits } from '../../../../src/runtime/binary/outline-waits.js';
import { atomicWaitIsMiscompiled } from '../../../../src/runtime/binary/wait-probe.js';
import { exportEntry, functionType, i32, i64, moduleOf, sharedMemoryImport } from './encode.js';

const bodyOfLoop = (load: readonly number[], equal: number, wait: readonly number[]) => [
  ...[1, 1, i32, 0x03, 0x40],
  ...[0x20, 0, ...load, 0x20, 1, equal, 0x04, 0x40],
  ...[0x20, 0, 0x20, 1, 0x42, 0x7f, ...wait, 0x1a],
  ...[0x20, 2, 0x41, 1, 0x6a, 0x21, 2, 0x0c, 1, 0x0b, 0x0b],
  ...[0x20, 2, 0x0b],
];

/*
 * Both functions are `while (load(addr) == value) { wait(addr, value, -1); waits += 1 } return waits`, on 32 bits and
 * on 64 bits, with a static offset of 8.
 */
const original = moduleOf({
  types: [functionType([i32, i32], [i32]), functionType([i32, i64], [i32])],
  imports: [sharedMemoryImport],
  functions: [0, 1],
  exports: [exportEntry('while32', 0, 0), exportEntry('while64', 0, 1)],
  bodies: [
    bodyOfLoop([0xfe, 0x10, 2, 8], 0x46, [0xfe, 0x01, 2, 8]),
    bodyOfLoop([0xfe, 0x11, 3, 8], 0x51, [0xfe, 0x02, 3, 8]),
  ],
});

const workerSource = `
  const { workerData, parentPort } = require('node:worker_threads');
  const { bytes, memory, name, value } = workerData;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  parentPort.postMessage(exports[name](0, value));
`;

const workers: Worker[] = [];
afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.terminate())));

/** Lets a worker wait for the word at 8 to change, wakes it once for nothing, then changes the word. */
async function waitsUntilChanged(
  bytes: Uint8Array,
  name: string,
  value: number | bigint,
): Promise<number | 'hung'> {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  const words = new Int32Array(memory.buffer);
  words[2] = Number(value);
  const worker = new Worker(workerSource, { eval: true, workerData: { bytes, memory, name, value } });
  workers.push(worker);
  const finished = new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const woken = await Promise.race([notifyUntilWoken(words), finished.then(() => 'finished' as const)]);
  if (woken === 'finished') return finished;
  // Time to park again, so that the change finds it waiting with locals that went through a wait.
  await pause(50);
  Atomics.store(words, 2, 0);
  Atomics.notify(words, 2);
  return Promise.race([finished, pause(1000).then(() => 'hung' as const)]);
}

async function notifyUntilWoken(words: Int32Array): Promise<void> {
  while (Atomics.notify(words, 2) === 0) await pause(5);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

describe('a loop around an atomic wait, in a thread', () => {
  const cases = [
    ['while32', 7],
    ['while64', 7n],
  ] as const;

  it.each(cases)(
    '%s ends when the word changes, once the wait is outlined',
    async (name, value) => {
      const { bytes, replaced } = outlineAtomicWaits(original, readModuleShape(original))!;
      expect(replaced).toBe(2);
      expect(await waitsUntilChanged(bytes, name, value)).toBe(2);
    },
    10_000,
  );

  it.runIf(atomicWaitIsMiscompiled())(
    'goes wrong on this engine as it is',
    async () => {
      expect(await waitsUntilChanged(original, 'while32', 7)).not.toBe(2);
    },
    10_000,
  );
});
