import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/kernel/failure.js';
import { GuestMemory } from '../../../../src/kernel/memory/guest-memory.js';
import { bufferOf, catchUp, wholeBuffer } from '../../../../src/kernel/memory/shared-growth.js';

const PAGE = 65_536;

/** Says which thread it is, sleeps until it is woken, grows the memory by a page, and sleeps on. */
const SLEEPER = `
  const { readlinkSync } = require('node:fs');
  const { parentPort, workerData: { memory, words } } = require('node:worker_threads');
  parentPort.postMessage(readlinkSync('/proc/thread-self').split('/').pop());
  Atomics.wait(words, 0, 0);
  memory.grow(1);
  Atomics.store(words, 1, 1);
  Atomics.notify(words, 1);
  Atomics.wait(words, 2, 0);
`;

let worker: Worker | undefined;
afterEach(() => worker?.terminate());

async function start() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
  const words = new Int32Array(new SharedArrayBuffer(12));
  const sleeper = new Worker(SLEEPER, { eval: true, workerData: { memory, words } });
  worker = sleeper;
  const thread = await new Promise<string>((resolve) => sleeper.once('message', resolve));
  return { memory, words, thread };
}

function grow(words: Int32Array): void {
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
  Atomics.wait(words, 1, 0);
}

/** How often a thread of this process has gone to sleep. */
function sleeps(thread: string): number {
  const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
  return Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)![1]);
}

describe('a shared memory that another thread has grown', () => {
  it('is seen as long as it is, through buffers of before too', { timeout: 10_000 }, async () => {
    const { memory, words } = await start();
    const before = memory.buffer;
    grow(words);
    expect(wholeBuffer({ buffer: before } as WebAssembly.Memory).byteLength).toBe(2 * PAGE);
    expect(bufferOf({ buffer: before } as WebAssembly.Memory, PAGE + 1).byteLength).toBe(2 * PAGE);
    expect(bufferOf({ buffer: before } as WebAssembly.Memory, PAGE)).toBe(before);
    catchUp(memory);
    expect(memory.buffer.byteLength).toBe(2 * PAGE);
  });

  it('is the same bytes', { timeout: 10_000 }, async () => {
    const { memory, words } = await start();
    grow(words);
    new Uint8Array(wholeBuffer(memory))[PAGE] = 7;
    memory.grow(0);
    expect(new Uint8Array(memory.buffer)[PAGE]).toBe(7);
  });
});

describe.skipIf(process.platform !== 'linux')('looking how long a shared memory is', () => {
  it('does not wake the threads that have it', { timeout: 10_000 }, async () => {
    const { memory, thread } = await start();
    const guest = new GuestMemory(memory);
    // It goes to sleep once more after it has said which one it is.
    for (let last = -1; last !== sleeps(thread); ) {
      last = sleeps(thread);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const before = sleeps(thread);
    for (let i = 0; i < 100; i++) {
      expect(() => guest.span(PAGE, 1)).toThrow(Failure);
      catchUp(memory);
      guest.refreshed();
      // A thread that is woken anew before it has gone back to sleep is not counted twice.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(sleeps(thread) - before).toBeLessThan(10);
  });
});
