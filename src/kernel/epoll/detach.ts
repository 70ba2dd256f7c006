/** The end of watches: removed, or their descriptor, its description or their set is closed. */
import { FILE } from '../descriptors/open-file.js';
import { HEADER, type KernelMemory } from '../memory/kernel-memory.js';
import { removeNode } from '../memory/linked-list.js';
import { lock, unlock } from '../memory/lock.js';
import { PROCESS } from '../processes/process-record.js';
import { dropNode } from '../threads/wait-queue.js';
import { dropReady } from './ready-list.js';
import { ITEM, SET } from './words.js';

/** Runs `work` while no other thread adds, removes or looks up watches. */
export function withWatches<T>(kernel: KernelMemory, owner: number, work: () => T): T {
  lock(kernel.words, HEADER.EPOLL_LOCK, owner);
  try {
    return work();
  } finally {
    unlock(kernel.words, HEADER.EPOLL_LOCK);
  }
}

/** Removes an item and frees it. The caller holds the watches. */
export function detachItem(kernel: KernelMemory, item: number, owner: number): void {
  kernel.reach(item, ITEM.WORDS);
  const set = kernel.words[item + ITEM.SET]!;
  const file = kernel.words[item + ITEM.WATCHED]!;
  const queue = kernel.words[item + ITEM.QUEUE]!;
  kernel.reach(set, SET.WORDS);
  kernel.reach(file, FILE.WORDS);
  // Whoever goes through the set may be asking this very description; it waits here to be closed until that is over.
  lock(kernel.words, set + SET.SCAN, owner);
  if (queue !== 0) dropNode(kernel, queue, item, owner);
  dropReady(kernel, set, item, owner);
  unlock(kernel.words, set + SET.SCAN);
  removeNode(kernel, set + SET.ITEMS, item, ITEM.SET_LINKS);
  removeNode(kernel, file + FILE.WATCHES, item, ITEM.WATCH_LINKS);
  kernel.free(item, ITEM.WORDS, owner);
  kernel.words[HEADER.EPOLL_ITEMS]!--;
}

/** Removes all watches of a description that is being closed. */
export function detachFile(kernel: KernelMemory, file: number, owner: number): void {
  if (Atomics.load(kernel.words, file + FILE.WATCHES) === 0) return;
  withWatches(kernel, owner, () => {
    while (kernel.words[file + FILE.WATCHES] !== 0) {
      detachItem(kernel, kernel.words[file + FILE.WATCHES]!, owner);
    }
  });
}

/** Whose descriptor it is that was closed. */
export interface NumberOwner {
  readonly kernel: KernelMemory;
  /** Address of the process record. */
  readonly process: number;
  /** Number under which the caller takes locks. */
  readonly owner: number;
}

/**
 * Removes the watches of a number that a process has closed, or put another description on. Other numbers of the same
 * description keep theirs, and so do other processes (ABI §2.4). Called when the entry no longer names `file`.
 */
export function detachNumber({ kernel, process, owner }: NumberOwner, file: number, fd: number): void {
  kernel.reach(file, FILE.WORDS);
  if (Atomics.load(kernel.words, file + FILE.WATCHES) === 0) return;
  const pid = kernel.words[process + PROCESS.PID]!;
  withWatches(kernel, owner, () => {
    for (let item = kernel.words[file + FILE.WATCHES]!; item !== 0; ) {
      kernel.reach(item, ITEM.WORDS);
      const next = kernel.words[item + ITEM.WATCH_LINKS]!;
      const named = kernel.words[item + ITEM.FD] === fd && kernel.words[item + ITEM.PID] === pid;
      if (named) detachItem(kernel, item, owner);
      item = next;
    }
  });
}

/** Frees a set whose description is being closed, with its items. */
export function closeSet(kernel: KernelMemory, set: number, owner: number): void {
  kernel.reach(set, SET.WORDS);
  withWatches(kernel, owner, () => {
    while (kernel.words[set + SET.ITEMS] !== 0) detachItem(kernel, kernel.words[set + SET.ITEMS]!, owner);
  });
  kernel.free(set, SET.WORDS, owner);
}
