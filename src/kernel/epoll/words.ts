/**
 * The records of epoll (ABI §2.4): a set for each description of kind EPOLL, an item for each descriptor it watches.
 *
 * A set, 16 words:
 *   0 SCAN       held while a thread goes through the ready items: no item goes away or changes meanwhile
 *   1 LOCK       guards READY, READY_LAST, READY_COUNT and the items' words 8 to 11
 *   2…3 QUEUE    wait queue: threads in `epoll_wait` and `poll_oneoff`, items of sets that watch this one
 *   4 READY      first item that may be ready; 5 READY_LAST the last; 6 READY_COUNT how many
 *   7 ITEMS      first of all items; under EPOLL_LOCK
 *   8 FILE       the set's own open-file description
 *
 * An item, 32 words. It is a node of the watched object's wait queue, so that a wake-up costs the same however many
 * items there are:
 *   0…3          that node (threads/wait-queue.ts)
 *   4 WATCHED    the watched open-file description; the item holds no reference, closing it takes the item away
 *   5 FD         number it was added under; 6 PID process that added it
 *   7 SET        the set
 *   8 INTEREST   EpollType bits asked for, with ERR and HUP; only ET and ONESHOT once a one-shot item has fired
 *   9 QUEUED     1 while it is among the ready items; 10…11 its links there
 *  12…13         links in the set's ITEMS; 14…15 links in the description's WATCHES; under EPOLL_LOCK
 *  16 QUEUE      wait queue of the watched object, 0 for one that never changes
 *  17…22 DATA    the 24 bytes of `epoll_event` that events echo (ABI §3.7)
 *
 * Order of the locks, each taken only while none of a later one is held:
 *   EPOLL_LOCK, SCAN of a set before that of one it watches, locks of the watched object, LOCK of a wait queue (the
 *   object's before the set's), LOCK of a set.
 * Who wakes an object therefore needs the last two only, and may hold locks of that object.
 */
export const SET = {
  SCAN: 0,
  LOCK: 1,
  QUEUE: 2,
  READY: 4,
  READY_LAST: 5,
  READY_COUNT: 6,
  ITEMS: 7,
  FILE: 8,
  WORDS: 16,
} as const;

export const ITEM = {
  WATCHED: 4,
  FD: 5,
  PID: 6,
  SET: 7,
  INTEREST: 8,
  QUEUED: 9,
  READY_NEXT: 10,
  READY_PREVIOUS: 11,
  SET_LINKS: 12,
  WATCH_LINKS: 14,
  QUEUE: 16,
  DATA: 17,
  DATA_WORDS: 6,
  WORDS: 32,
} as const;
