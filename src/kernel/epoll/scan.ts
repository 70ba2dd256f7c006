/** Going through the items of an epoll set that may be ready; the others are never looked at. */
import { EpollType } from '../../abi/epoll.js';
import { epollEvent } from '../../abi/structs.js';
import { FILE } from '../descriptors/open-file.js';
import { lock, unlock } from '../memory/lock.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { putBack, settle, takeFirst } from './ready-list.js';
import { ITEM, SET } from './words.js';

/** Answers the EpollType bits that hold for a description now (objects/operations.ts). */
export type EventsOf = (thread: GuestThread, file: number) => number;

/** Where events go: `most` of them, at least 1, from the guest address `pointer` on, which has been checked. */
export interface EventRoom {
  readonly pointer: number;
  readonly most: number;
}

/** What holds of what `item` asks for. */
function happened(thread: GuestThread, item: number, eventsOf: EventsOf): number {
  const { kernel } = thread;
  const file = kernel.words[item + ITEM.WATCHED]!;
  kernel.reach(file, FILE.WORDS);
  return eventsOf(thread, file) & kernel.words[item + ITEM.INTEREST]!;
}

/**
 * Calls `take` with each ready item and what happened, until it answers false. Items that turn out not to be ready
 * are dropped. Those that come back meanwhile are left for the next time.
 */
function scan(
  thread: GuestThread,
  set: number,
  eventsOf: EventsOf,
  take: (item: number, events: number) => boolean,
): void {
  const { kernel, owner } = thread;
  kernel.reach(set, SET.WORDS);
  // Also to find nothing: what another thread has taken to look at may be ready, and comes back without a wake-up.
  lock(kernel.words, set + SET.SCAN, owner);
  try {
    for (let left = Atomics.load(kernel.words, set + SET.READY_COUNT); left > 0; left--) {
      const item = takeFirst(kernel, set, owner);
      if (item === 0) return;
      const events = happened(thread, item, eventsOf);
      if (events !== 0 && !take(item, events)) return;
    }
  } finally {
    unlock(kernel.words, set + SET.SCAN);
  }
}

/** Whether `epoll_wait` would answer at least one event; none is taken. */
export function hasEvents(thread: GuestThread, set: number, eventsOf: EventsOf): boolean {
  let found = false;
  scan(thread, set, eventsOf, (item) => {
    found = true;
    putBack(thread.kernel, set, item, thread.owner);
    return false;
  });
  return found;
}

/** Takes ready items, writes an event for each, and answers how many there were. */
export function takeEvents(thread: GuestThread, set: number, eventsOf: EventsOf, room: EventRoom): number {
  let count = 0;
  scan(thread, set, eventsOf, (item, events) => {
    writeEvent(thread, item, events, room.pointer + count * epollEvent.size);
    settle(thread.kernel, set, item, thread.owner);
    count++;
    return count < room.most;
  });
  return count;
}

function writeEvent({ kernel, memory }: GuestThread, item: number, events: number, at: number): void {
  memory.setU32(at + epollEvent.at.events, events & ~(EpollType.ET | EpollType.ONESHOT));
  memory.setU32(at + epollEvent.at.events + 4, 0);
  for (let i = 0; i < ITEM.DATA_WORDS; i++) {
    memory.setU32(at + epollEvent.at.ptr + 4 * i, kernel.words[item + ITEM.DATA + i]!);
  }
}
