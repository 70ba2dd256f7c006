import { expect, it } from 'vitest';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { THREAD } from '../../../../src/kernel/threads/thread-words.js';
import {
  dequeue,
  enqueue,
  QUEUE_WORDS,
  wakeAll,
  wakeNext,
} from '../../../../src/kernel/threads/wait-queue.js';

const OWNER = 1;

/** A queue and records of threads that could wait in it. */
function queueAndThreads(count: number) {
  const kernel = KernelMemory.create(1);
  const queue = kernel.allocate(QUEUE_WORDS, OWNER);
  const threads = Array.from({ length: count }, () => kernel.allocate(THREAD.WORDS, OWNER));
  const wakes = () => threads.map((record) => kernel.words[record + THREAD.PARK]!);
  return { kernel, queue, threads, wakes };
}

it('wakes every thread that waits, and none that has left', () => {
  const { kernel, queue, threads, wakes } = queueAndThreads(3);
  const nodes = threads.map((record) => enqueue(kernel, queue, record, OWNER));
  wakeAll(kernel, queue, OWNER);
  expect(wakes()).toEqual([1, 1, 1]);
  dequeue(kernel, queue, nodes[1]!, OWNER);
  wakeAll(kernel, queue, OWNER);
  expect(wakes()).toEqual([2, 1, 2]);
  dequeue(kernel, queue, nodes[2]!, OWNER);
  dequeue(kernel, queue, nodes[0]!, OWNER);
  wakeAll(kernel, queue, OWNER);
  expect(wakes()).toEqual([2, 1, 2]);
});

it('wakes one of the exclusive threads and all others', () => {
  const { kernel, queue, threads, wakes } = queueAndThreads(4);
  threads.forEach((record, i) => {
    enqueue(kernel, queue, record, OWNER, i % 2 === 0);
  });
  wakeAll(kernel, queue, OWNER);
  const [first, second, third, fourth] = wakes();
  expect([second, fourth]).toEqual([1, 1]);
  expect(first! + third!).toBe(1);
});

it('wakes one exclusive thread and nobody else when there is more to do', () => {
  const { kernel, queue, threads, wakes } = queueAndThreads(3);
  enqueue(kernel, queue, threads[0]!, OWNER, true);
  enqueue(kernel, queue, threads[1]!, OWNER, true);
  enqueue(kernel, queue, threads[2]!, OWNER);
  wakeNext(kernel, queue, OWNER);
  const [first, second, third] = wakes();
  expect(first! + second!).toBe(1);
  expect(third).toBe(0);
});
