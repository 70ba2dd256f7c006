/** Epoll (ABI §2.4): sets of descriptors, and waiting for what happens to them. */
import { EpollCtl, EpollCtlLinux } from '../abi/epoll.js';
import { Errno } from '../abi/errno.js';
import { RightBit } from '../abi/rights.js';
import { epollEvent } from '../abi/structs.js';
import { deadlineAfter } from '../kernel/clock.js';
import { FILE, FileKind } from '../kernel/descriptors/open-file.js';
import { install } from '../kernel/descriptors/table.js';
import { openSet } from '../kernel/epoll/set.js';
import { waitForEvents } from '../kernel/epoll/wait.js';
import { removeWatch, setWatch, type WatchKey } from '../kernel/epoll/watch.js';
import { fail } from '../kernel/failure.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { withFile } from './fd-io.js';
import type { Handlers } from './handler.js';

/** What a new set may be used for. */
const RIGHTS = {
  baseLow: (1 << RightBit.POLL_FD_READWRITE) | (1 << RightBit.FD_FDSTAT_SET_FLAGS),
  baseHigh: 0,
  inheritingLow: 0,
  inheritingHigh: 0,
};

/** A timeout of all ones is none. */
const FOREVER = -1n;

/** Runs `work` on the set of `epfd`; BADF when that is not open, INVAL when it is no set. */
function withSet<T>(thread: GuestThread, epfd: number, work: (set: number, file: number) => T): T {
  return withFile(thread, epfd, -1, (file) => {
    const { words } = thread.kernel;
    if (words[file + FILE.KIND] !== FileKind.EPOLL) return fail(Errno.INVAL);
    return work(words[file + FILE.SET]!, file);
  });
}

/**
 * What a number of `epoll_ctl` stands for. C guests send Linux's, others those of the ABI: 1 adds in one and modifies
 * in the other, so it does either.
 */
function control(thread: GuestThread, key: WatchKey, op: number, event: number): Errno {
  switch (op) {
    case EpollCtl.ADD:
      setWatch(thread, key, { add: true, modify: false, event });
      return Errno.SUCCESS;
    case EpollCtl.MOD:
    case EpollCtlLinux.MOD:
      setWatch(thread, key, { add: true, modify: true, event });
      return Errno.SUCCESS;
    case EpollCtl.DEL:
      removeWatch(thread, key);
      return Errno.SUCCESS;
    default:
      return Errno.INVAL;
  }
}

export const epollHandlers: Handlers<'epoll_create' | 'epoll_ctl' | 'epoll_wait'> = {
  epoll_create(thread, result) {
    thread.memory.span(result, 4);
    const file = openSet(thread.kernel, thread.owner);
    thread.memory.setU32(result, install(thread, file, { rights: RIGHTS }));
    return Errno.SUCCESS;
  },

  epoll_ctl(thread, epfd, op, fd, event) {
    if (op !== EpollCtl.DEL && event === 0) return Errno.INVAL;
    const at = op === EpollCtl.DEL ? 0 : thread.memory.span(event, epollEvent.size);
    return withSet(thread, epfd, (set, own) =>
      withFile(thread, fd, RightBit.POLL_FD_READWRITE, (file) => {
        if (file === own) return Errno.INVAL;
        return control(thread, { set, file, fd: fd >>> 0 }, op, at);
      }),
    );
  },

  epoll_wait(thread, epfd, events, most, timeout, result) {
    const { memory } = thread;
    if (most <= 0) return Errno.INVAL;
    memory.span(result, 4);
    const pointer = memory.span(events, most * epollEvent.size);
    return withSet(thread, epfd, (set) => {
      const deadline =
        timeout === FOREVER ? Number.POSITIVE_INFINITY : deadlineAfter(BigInt.asUintN(64, timeout));
      memory.setU32(result, waitForEvents(thread, set, { pointer, most }, deadline));
      return Errno.SUCCESS;
    });
  },
};
