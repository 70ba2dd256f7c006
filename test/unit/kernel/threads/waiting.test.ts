import { afterEach, expect, it, vi } from 'vitest';
import { GuestMemory } from '../../../../src/kernel/memory/guest-memory.js';
import { KernelMemory, KernelMemoryFull } from '../../../../src/kernel/memory/kernel-memory.js';
import { PROCESS } from '../../../../src/kernel/processes/process-record.js';
import { GuestThread, type ProcessView } from '../../../../src/kernel/threads/guest-thread.js';
import { THREAD, WaitKind } from '../../../../src/kernel/threads/thread-words.js';
import { QUEUE_WORDS } from '../../../../src/kernel/threads/wait-queue.js';
import { waitUntil } from '../../../../src/kernel/threads/waiting.js';

const OWNER = 1;
const HEAD = 1;

afterEach(() => {
  vi.restoreAllMocks();
});

it('a wait that finds no kernel memory for its last queue leaves the others', () => {
  const kernel = KernelMemory.create(0);
  const process = kernel.allocate(PROCESS.WORDS, OWNER);
  const memory = new GuestMemory(undefined);
  const thread = new GuestThread({ kernel, memory, process } as ProcessView);
  thread.owner = OWNER;
  thread.record = kernel.allocate(THREAD.WORDS, OWNER);
  const queues = [0, 1, 2].map(() => kernel.allocate(QUEUE_WORDS, OWNER));
  const allocate = kernel.allocate.bind(kernel);
  let nodes = 0;
  vi.spyOn(kernel, 'allocate').mockImplementation((...args) => {
    if (++nodes === 3) throw new KernelMemoryFull('no room');
    return allocate(...args);
  });
  expect(() => waitUntil(thread, WaitKind.POLL, queues, () => true, 0)).toThrow(KernelMemoryFull);
  expect(queues.map((queue) => kernel.words[queue + HEAD])).toEqual([0, 0, 0]);
  expect(kernel.words[thread.record + THREAD.WAITING]).toBe(WaitKind.NONE);
});
