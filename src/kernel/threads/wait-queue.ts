/**
 * Threads waiting for a change of one kernel object (data in a ring, the end of a thread).
 *
 * Two words in the object: LOCK (guards the list) and HEAD (first node). A node is a block of its own:
 *   0 NEXT   next node, 0 at the end
 *   1 THREAD record of the waiting thread
 */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import { wakeThread } from './thread-words.js';

const LOCK = 0;
const HEAD = 1;
const NEXT = 0;
const THREAD = 1;
const NODE_WORDS = 2;

/** Words that a queue takes in its object. */
export const QUEUE_WORDS = 2;

/** Adds the thread with `record` to the queue and answers the node to leave with. */
export function enqueue(kernel: KernelMemory, queue: number, record: number, owner: number): number {
  const node = kernel.allocate(NODE_WORDS, owner);
  kernel.reach(node, NODE_WORDS);
  const { words } = kernel;
  words[node + THREAD] = record;
  lock(words, queue + LOCK, owner);
  words[node + NEXT] = words[queue + HEAD]!;
  words[queue + HEAD] = node;
  unlock(words, queue + LOCK);
  return node;
}

/** Takes `node` out of the queue and frees it. */
export function dequeue(kernel: KernelMemory, queue: number, node: number, owner: number): void {
  const { words } = kernel;
  lock(words, queue + LOCK, owner);
  let link = queue + HEAD;
  while (words[link] !== node) {
    kernel.reach(words[link]!, NODE_WORDS);
    link = words[link]! + NEXT;
  }
  words[link] = words[node + NEXT]!;
  unlock(words, queue + LOCK);
  kernel.free(node, NODE_WORDS, owner);
}

/** Wakes every thread in the queue; each looks again at what it waits for. */
export function wakeAll(kernel: KernelMemory, queue: number, owner: number): void {
  if (Atomics.load(kernel.words, queue + HEAD) === 0) return;
  lock(kernel.words, queue + LOCK, owner);
  for (let node = kernel.words[queue + HEAD]!; node !== 0; ) {
    kernel.reach(node, NODE_WORDS);
    wakeThread(kernel, kernel.words[node + THREAD]!);
    node = kernel.words[node + NEXT]!;
  }
  unlock(kernel.words, queue + LOCK);
}
