/**
 * Who is told of a change of one kernel object (data in a ring, the end of a thread): threads that wait for it, and
 * items of epoll sets that watch it.
 *
 * Two words in the object: LOCK (guards the list) and HEAD (first node). A node is a block of its own:
 *   0 NEXT, 1 PREVIOUS  links of the list
 *   2 THREAD            record of the waiting thread; 0 in an epoll item, of which these are the first words
 *   3 EXCLUSIVE         1 for a thread that serves whatever made the object change, so that one of them is enough
 */
import { EpollType } from '../../abi/epoll.js';
import { markReady } from '../epoll/ready-list.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { pushFirst, removeNode } from '../memory/linked-list.js';
import { lock, unlock } from '../memory/lock.js';
import { callThread, notifyThread, THREAD as RECORD, wakeThread } from './thread-words.js';

const LOCK = 0;
const HEAD = 1;
const NEXT = 0;
const LINKS = 0;
const THREAD = 2;
const EXCLUSIVE = 3;
const NODE_WORDS = 4;
const KEPT_NODE = RECORD.NODE;

/** Words that a queue takes in its object. */
export const QUEUE_WORDS = 2;

/** For `wakeAll`: anything may have changed. */
export const ANY_EVENT = -1;

/** Adds the thread with `record` to the queue and answers the node to leave with. */
export function enqueue(
  kernel: KernelMemory,
  queue: number,
  record: number,
  owner: number,
  exclusive = false,
): number {
  const node = takeNode(kernel, record, owner);
  kernel.reach(node, NODE_WORDS);
  kernel.words[node + THREAD] = record;
  kernel.words[node + EXCLUSIVE] = exclusive ? 1 : 0;
  addNode(kernel, queue, node, owner);
  return node;
}

/** Takes `node` out of the queue and frees it. */
export function dequeue(kernel: KernelMemory, queue: number, node: number, owner: number): void {
  dropNode(kernel, queue, node, owner);
  const kept = kernel.words[node + THREAD]! + KEPT_NODE;
  // Most waits are on one queue: the node stays with the thread, and its next wait takes no lock of the allocator.
  if (kernel.words[kept] === 0) kernel.words[kept] = node;
  else kernel.free(node, NODE_WORDS, owner);
}

function takeNode(kernel: KernelMemory, record: number, owner: number): number {
  const node = kernel.words[record + KEPT_NODE]!;
  if (node === 0) return kernel.allocate(NODE_WORDS, owner);
  kernel.words[record + KEPT_NODE] = 0;
  return node;
}

/** Adds a node of the caller's own, an epoll item. */
export function addNode(kernel: KernelMemory, queue: number, node: number, owner: number): void {
  kernel.reach(queue, QUEUE_WORDS);
  lock(kernel.words, queue + LOCK, owner);
  pushFirst(kernel, queue + HEAD, node, LINKS);
  unlock(kernel.words, queue + LOCK);
}

/** Takes out a node of the caller's own. No wake-up reaches it from then on. */
export function dropNode(kernel: KernelMemory, queue: number, node: number, owner: number): void {
  kernel.reach(queue, QUEUE_WORDS);
  lock(kernel.words, queue + LOCK, owner);
  removeNode(kernel, queue + HEAD, node, LINKS);
  unlock(kernel.words, queue + LOCK);
}

/**
 * Wakes the threads in the queue, of the exclusive ones only one; each looks again at what it waits for. Items of
 * epoll sets that ask for one of `events` become ready, and their sets' queues are woken in turn.
 *
 * `events` are EpollType bits: what the object may have become ready for. Readers who take data say OUT and writers who
 * bring some say IN, or an edge-triggered item would fire for the wrong one.
 */
export function wakeAll(
  kernel: KernelMemory,
  queue: number,
  owner: number,
  events: number = ANY_EVENT,
): void {
  kernel.reach(queue, QUEUE_WORDS);
  if (Atomics.load(kernel.words, queue + HEAD) === 0) return;
  const first = called.length;
  lock(kernel.words, queue + LOCK, owner);
  let served = false;
  for (let node = kernel.words[queue + HEAD]!; node !== 0; node = kernel.words[node + NEXT]!) {
    kernel.reach(node, NODE_WORDS);
    const record = kernel.words[node + THREAD]!;
    if (record === 0) {
      wakeSetOf(kernel, node, owner, events);
    } else if (kernel.words[node + EXCLUSIVE] === 0 || !served) {
      served ||= kernel.words[node + EXCLUSIVE] === 1;
      callThread(kernel, record);
      called.push(record);
    }
  }
  unlock(kernel.words, queue + LOCK);
  // Not before: a thread that wakes up takes the lock to leave the queue, and would wait for it at once.
  for (let i = first; i < called.length; i++) notifyThread(kernel, called[i]!);
  called.length = first;
}

/** Threads to be notified. A call for an epoll set, in the midst of another call, puts its own behind the other's. */
const called: number[] = [];

/** Sets watch one another without circles and not deeply (epoll/nesting.ts), so this ends. */
function wakeSetOf(kernel: KernelMemory, item: number, owner: number, events: number): void {
  const queue = markReady(kernel, item, events, owner);
  if (queue !== 0) wakeAll(kernel, queue, owner, EpollType.IN);
}

/** Wakes one exclusive thread, if there is any: there is more than the one before it has taken. */
export function wakeNext(kernel: KernelMemory, queue: number, owner: number): void {
  kernel.reach(queue, QUEUE_WORDS);
  if (Atomics.load(kernel.words, queue + HEAD) === 0) return;
  lock(kernel.words, queue + LOCK, owner);
  for (let node = kernel.words[queue + HEAD]!; node !== 0; node = kernel.words[node + NEXT]!) {
    kernel.reach(node, NODE_WORDS);
    if (kernel.words[node + THREAD] === 0 || kernel.words[node + EXCLUSIVE] === 0) continue;
    wakeThread(kernel, kernel.words[node + THREAD]!);
    break;
  }
  unlock(kernel.words, queue + LOCK);
}
