/** Adding, changing and removing what an epoll set watches (ABI §2.4, `epoll_ctl`). */
import { EpollType } from '../../abi/epoll.js';
import { Errno } from '../../abi/errno.js';
import { epollEvent } from '../../abi/structs.js';
import { FILE, FileKind } from '../descriptors/open-file.js';
import { ENTRY, entryOf } from '../descriptors/table.js';
import { fail } from '../failure.js';
import { HEADER } from '../memory/kernel-memory.js';
import { pushFirst } from '../memory/linked-list.js';
import { lock, unlock } from '../memory/lock.js';
import { eventsOf, operationsOf } from '../objects/operations.js';
import { PROCESS } from '../processes/process-record.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { addNode, wakeAll } from '../threads/wait-queue.js';
import { detachItem, withWatches } from './detach.js';
import { checkNesting } from './nesting.js';
import { markReady } from './ready-list.js';
import { ITEM, SET } from './words.js';

/** Watches in all sets of a run: a bound on what a guest can make the host keep. */
const MOST_ITEMS = 1_000_000;

/** Reported whether asked for or not. */
const ALWAYS = EpollType.ERR | EpollType.HUP;
const KNOWN =
  ALWAYS | EpollType.IN | EpollType.OUT | EpollType.RDHUP | EpollType.PRI | EpollType.ET | EpollType.ONESHOT;

/** A descriptor in a set: the description and the number are the key, as on Linux. */
export interface WatchKey {
  readonly set: number;
  /** The description, which the call holds a reference on. */
  readonly file: number;
  readonly fd: number;
}

/** What to do with a descriptor that the set watches already, or does not yet. */
export interface WatchChange {
  readonly add: boolean;
  readonly modify: boolean;
  /** Guest address of the `epoll_event`, which has been checked to lie in memory. */
  readonly event: number;
}

/** The item of a descriptor, 0 when the set does not watch it. */
function findItem({ kernel }: GuestThread, { set, file, fd }: WatchKey): number {
  let item = kernel.words[file + FILE.WATCHES]!;
  while (item !== 0) {
    kernel.reach(item, ITEM.WORDS);
    if (kernel.words[item + ITEM.SET] === set && kernel.words[item + ITEM.FD] === fd) return item;
    item = kernel.words[item + ITEM.WATCH_LINKS]!;
  }
  return 0;
}

/**
 * Adds a descriptor to a set, or changes what is asked of it and arms it again.
 * @throws EXIST or NOENT when `change` does not allow that, LOOP for sets that would watch each other, NOSPC past the
 * limit, BADF when the descriptor was closed meanwhile.
 */
export function setWatch(thread: GuestThread, key: WatchKey, change: WatchChange): void {
  const { kernel, owner } = thread;
  kernel.reach(key.set, SET.WORDS);
  withWatches(kernel, owner, () => {
    const known = findItem(thread, key);
    if (known !== 0 && !change.modify) fail(Errno.EXIST);
    if (known === 0 && !change.add) fail(Errno.NOENT);
    const item = known === 0 ? addItem(thread, key) : known;
    setInterest(thread, item, change.event);
    if (known === 0) joinQueue(thread, item);
    reportNow(thread, item);
  });
}

/** Removes a descriptor from a set; NOENT when it is not in it. */
export function removeWatch(thread: GuestThread, key: WatchKey): void {
  const { kernel, owner } = thread;
  withWatches(kernel, owner, () => {
    const item = findItem(thread, key);
    if (item === 0) fail(Errno.NOENT);
    detachItem(kernel, item, owner);
  });
}

function addItem(thread: GuestThread, { set, file, fd }: WatchKey): number {
  const { kernel, owner } = thread;
  if (kernel.words[file + FILE.KIND] === FileKind.EPOLL) {
    checkNesting(kernel, set, kernel.words[file + FILE.SET]!);
  }
  if (kernel.words[HEADER.EPOLL_ITEMS]! >= MOST_ITEMS) fail(Errno.NOSPC);
  const item = kernel.allocate(ITEM.WORDS, owner);
  kernel.reach(item, ITEM.WORDS);
  kernel.words[item + ITEM.WATCHED] = file;
  kernel.words[item + ITEM.FD] = fd;
  kernel.words[item + ITEM.PID] = kernel.words[thread.process + PROCESS.PID]!;
  kernel.words[item + ITEM.SET] = set;
  kernel.words[HEADER.EPOLL_ITEMS]!++;
  pushFirst(kernel, set + SET.ITEMS, item, ITEM.SET_LINKS);
  pushFirst(kernel, file + FILE.WATCHES, item, ITEM.WATCH_LINKS);
  // Who closes the number clears its entry and then looks for watches: it sees the item, or this sees the entry.
  const entry = entryOf(kernel, thread.process, fd);
  if (entry === 0 || Atomics.load(kernel.words, entry + ENTRY.FILE) !== file) {
    detachItem(kernel, item, owner);
    fail(Errno.BADF);
  }
  return item;
}

function joinQueue(thread: GuestThread, item: number): void {
  const { kernel, owner } = thread;
  const file = kernel.words[item + ITEM.WATCHED]!;
  const queue = operationsOf(thread, file).queue(thread, file);
  kernel.words[item + ITEM.QUEUE] = queue;
  if (queue !== 0) addNode(kernel, queue, item, owner);
}

/** Takes over what the guest asks and its 24 bytes, of which the descriptor's number is ours (ABI §2.4). */
function setInterest(thread: GuestThread, item: number, event: number): void {
  const { kernel, owner, memory } = thread;
  const set = kernel.words[item + ITEM.SET]!;
  const asked = memory.getU32(event + epollEvent.at.events);
  lock(kernel.words, set + SET.SCAN, owner);
  lock(kernel.words, set + SET.LOCK, owner);
  const { words } = kernel;
  words[item + ITEM.INTEREST] = (asked & KNOWN) | ALWAYS;
  for (let i = 0; i < ITEM.DATA_WORDS; i++) {
    words[item + ITEM.DATA + i] = memory.getU32(event + epollEvent.at.ptr + 4 * i);
  }
  words[item + ITEM.DATA + (epollEvent.at.fd - epollEvent.at.ptr) / 4] = words[item + ITEM.FD]!;
  unlock(words, set + SET.LOCK);
  unlock(words, set + SET.SCAN);
}

/** What is ready from the start is news too, to threads that wait already. */
function reportNow(thread: GuestThread, item: number): void {
  const { kernel, owner } = thread;
  const events = eventsOf(thread, kernel.words[item + ITEM.WATCHED]!);
  const queue = events === 0 ? 0 : markReady(kernel, item, events, owner);
  if (queue !== 0) wakeAll(kernel, queue, owner, EpollType.IN);
}
