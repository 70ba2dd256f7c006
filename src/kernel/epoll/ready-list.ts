/** The items of an epoll set that may be ready: first in, first out, each at most once. */
import { EpollType } from '../../abi/epoll.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import { ITEM, SET } from './words.js';

/** Bits that say how to report, not what. */
const MANNER = EpollType.ET | EpollType.ONESHOT;

function append(kernel: KernelMemory, set: number, item: number): void {
  const last = kernel.words[set + SET.READY_LAST]!;
  if (last !== 0) kernel.reach(last, ITEM.WORDS);
  const { words } = kernel;
  words[item + ITEM.QUEUED] = 1;
  words[item + ITEM.READY_NEXT] = 0;
  words[item + ITEM.READY_PREVIOUS] = last;
  words[last === 0 ? set + SET.READY : last + ITEM.READY_NEXT] = item;
  words[set + SET.READY_LAST] = item;
  Atomics.add(words, set + SET.READY_COUNT, 1);
}

function prepend(kernel: KernelMemory, set: number, item: number): void {
  const first = kernel.words[set + SET.READY]!;
  if (first !== 0) kernel.reach(first, ITEM.WORDS);
  const { words } = kernel;
  words[item + ITEM.QUEUED] = 1;
  words[item + ITEM.READY_NEXT] = first;
  words[item + ITEM.READY_PREVIOUS] = 0;
  words[first === 0 ? set + SET.READY_LAST : first + ITEM.READY_PREVIOUS] = item;
  words[set + SET.READY] = item;
  Atomics.add(words, set + SET.READY_COUNT, 1);
}

function unlink(kernel: KernelMemory, set: number, item: number): void {
  const next = kernel.words[item + ITEM.READY_NEXT]!;
  const previous = kernel.words[item + ITEM.READY_PREVIOUS]!;
  if (next !== 0) kernel.reach(next, ITEM.WORDS);
  if (previous !== 0) kernel.reach(previous, ITEM.WORDS);
  const { words } = kernel;
  words[next === 0 ? set + SET.READY_LAST : next + ITEM.READY_PREVIOUS] = previous;
  words[previous === 0 ? set + SET.READY : previous + ITEM.READY_NEXT] = next;
  words[item + ITEM.QUEUED] = 0;
  Atomics.sub(words, set + SET.READY_COUNT, 1);
}

/**
 * Puts `item` among the ready ones if it asks for one of `events` (EpollType bits).
 * @returns the wait queue of its set, to be woken; 0 when there is no news for it. An item that is there already is
 * news too: it may be left over from a report, and a set that watches this one for edges has not heard of this one.
 */
export function markReady(kernel: KernelMemory, item: number, events: number, owner: number): number {
  kernel.reach(item, ITEM.WORDS);
  const set = kernel.words[item + ITEM.SET]!;
  kernel.reach(set, SET.WORDS);
  lock(kernel.words, set + SET.LOCK, owner);
  const wanted = kernel.words[item + ITEM.INTEREST]! & ~MANNER & events;
  if (wanted !== 0 && kernel.words[item + ITEM.QUEUED] === 0) append(kernel, set, item);
  unlock(kernel.words, set + SET.LOCK);
  return wanted !== 0 ? set + SET.QUEUE : 0;
}

/** Takes the first ready item out and answers it, 0 when there is none. The caller holds SCAN. */
export function takeFirst(kernel: KernelMemory, set: number, owner: number): number {
  lock(kernel.words, set + SET.LOCK, owner);
  const item = kernel.words[set + SET.READY]!;
  if (item !== 0) {
    kernel.reach(item, ITEM.WORDS);
    unlink(kernel, set, item);
  }
  unlock(kernel.words, set + SET.LOCK);
  return item;
}

/** Puts back an item that was only looked at, unless it has come back by itself. The caller holds SCAN. */
export function putBack(kernel: KernelMemory, set: number, item: number, owner: number): void {
  lock(kernel.words, set + SET.LOCK, owner);
  if (kernel.words[item + ITEM.QUEUED] === 0) prepend(kernel, set, item);
  unlock(kernel.words, set + SET.LOCK);
}

/**
 * What becomes of an item that was reported: a one-shot one is quiet until it is modified, an edge-triggered one waits
 * for the next change, and a level-triggered one is looked at again. The caller holds SCAN.
 */
export function settle(kernel: KernelMemory, set: number, item: number, owner: number): void {
  lock(kernel.words, set + SET.LOCK, owner);
  const interest = kernel.words[item + ITEM.INTEREST]!;
  if ((interest & EpollType.ONESHOT) !== 0) kernel.words[item + ITEM.INTEREST] = interest & MANNER;
  else if ((interest & EpollType.ET) === 0 && kernel.words[item + ITEM.QUEUED] === 0)
    append(kernel, set, item);
  unlock(kernel.words, set + SET.LOCK);
}

/** Takes an item that goes away out of the ready ones. The caller holds SCAN. */
export function dropReady(kernel: KernelMemory, set: number, item: number, owner: number): void {
  lock(kernel.words, set + SET.LOCK, owner);
  if (kernel.words[item + ITEM.QUEUED] === 1) unlink(kernel, set, item);
  unlock(kernel.words, set + SET.LOCK);
}
