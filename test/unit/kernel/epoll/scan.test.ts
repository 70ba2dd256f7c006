import { expect, it } from 'vitest';
import { EpollType } from '../../../../src/abi/epoll.js';
import { epollEvent } from '../../../../src/abi/structs.js';
import { FILE } from '../../../../src/kernel/descriptors/open-file.js';
import { release } from '../../../../src/kernel/descriptors/table.js';
import { hasEvents, takeEvents } from '../../../../src/kernel/epoll/scan.js';
import { openSet } from '../../../../src/kernel/epoll/set.js';
import { setWatch } from '../../../../src/kernel/epoll/watch.js';
import { HEADER } from '../../../../src/kernel/memory/kernel-memory.js';
import { addCount, eventOf, openEventCounter } from '../../../../src/kernel/objects/event-counter.js';
import { eventsOf } from '../../../../src/kernel/objects/operations.js';
import type { GuestThread } from '../../../../src/kernel/threads/guest-thread.js';
import { give, kernelThread } from './kernel-thread.js';

const ROOM = { pointer: 1024, most: 64 };
const EVENT = 512;

/** A set that watches `count` counters at 0 for input. */
function idleSet(count: number) {
  const thread = kernelThread();
  const setFile = openSet(thread.kernel, thread.owner);
  const set = thread.kernel.words[setFile + FILE.SET]!;
  const files = Array.from({ length: count }, () => {
    const file = openEventCounter(thread.kernel, { low: 0, high: 0 }, 0, thread.owner);
    thread.memory.setU32(EVENT, EpollType.IN);
    setWatch(thread, { set, file, fd: give(thread, file) }, { add: true, modify: false, event: EVENT });
    return file;
  });
  return { thread, setFile, set, files };
}

function raise(thread: GuestThread, file: number): void {
  addCount(thread.kernel, eventOf(thread.kernel, file), { low: 1, high: 0 }, thread.owner);
}

it('looks at what has changed only, however many descriptors a set watches', () => {
  const { thread, set, files } = idleSet(1000);
  let asked = 0;
  const counting = (caller: GuestThread, file: number) => {
    asked++;
    return eventsOf(caller, file);
  };
  expect(takeEvents(thread, set, counting, ROOM)).toBe(0);
  expect(asked).toBe(0);
  raise(thread, files[500]!);
  expect(takeEvents(thread, set, counting, ROOM)).toBe(1);
  expect(asked).toBe(1);
  expect(hasEvents(thread, set, counting)).toBe(true);
  expect(asked).toBe(2);
});

it('reports each ready descriptor once in a call, and all of them in turn', () => {
  const { thread, set, files } = idleSet(10);
  for (const file of files) raise(thread, file);
  const numbers = (most: number) => {
    const count = takeEvents(thread, set, eventsOf, { ...ROOM, most });
    return Array.from({ length: count }, (_, i) =>
      thread.memory.getU32(ROOM.pointer + i * epollEvent.size + epollEvent.at.fd),
    );
  };
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  expect(numbers(64)).toEqual(all);
  expect([...numbers(4), ...numbers(4), ...numbers(2)].sort()).toEqual(all);
});

it('keeps nothing of what was watched when the set or the descriptors are closed', () => {
  const { thread, setFile, set, files } = idleSet(10);
  for (const file of files) raise(thread, file);
  for (const file of files.slice(5)) release(thread, file);
  expect(thread.kernel.words[HEADER.EPOLL_ITEMS]).toBe(5);
  expect(takeEvents(thread, set, eventsOf, ROOM)).toBe(5);
  release(thread, setFile);
  expect(thread.kernel.words[HEADER.EPOLL_ITEMS]).toBe(0);
  for (const file of files.slice(0, 5)) expect(thread.kernel.words[file + FILE.WATCHES]).toBe(0);
});
