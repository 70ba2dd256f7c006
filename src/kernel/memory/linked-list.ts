/**
 * Doubly linked lists in kernel memory. A list is one word, the address of its first node. A node has two words for
 * each list that it can be in, next and previous, both 0 at the ends; `links` is the index of that pair in the node.
 * Whoever owns the list says which lock guards it.
 */
import type { KernelMemory } from './kernel-memory.js';

const PREVIOUS = 1;

/** Puts `node` at the front. */
export function pushFirst(kernel: KernelMemory, list: number, node: number, links: number): void {
  const first = kernel.words[list]!;
  kernel.reach(node, links + 2);
  kernel.words[node + links] = first;
  kernel.words[node + links + PREVIOUS] = 0;
  if (first !== 0) {
    kernel.reach(first, links + 2);
    kernel.words[first + links + PREVIOUS] = node;
  }
  // Looked at without the lock by those who only want to know whether the list is empty.
  Atomics.store(kernel.words, list, node);
}

/** Takes `node` out of the list that it is in. */
export function removeNode(kernel: KernelMemory, list: number, node: number, links: number): void {
  kernel.reach(node, links + 2);
  const next = kernel.words[node + links]!;
  const previous = kernel.words[node + links + PREVIOUS]!;
  if (next !== 0) {
    kernel.reach(next, links + 2);
    kernel.words[next + links + PREVIOUS] = previous;
  }
  if (previous === 0) {
    Atomics.store(kernel.words, list, next);
    return;
  }
  kernel.reach(previous, links + 2);
  kernel.words[previous + links] = next;
}
