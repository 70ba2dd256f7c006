/** Descriptors themselves: closing, doubling, preopens (ABI §2.2). */
import { Errno } from '../abi/errno.js';
import { PreopenType } from '../abi/filetype.js';
import { FdFlagsExt } from '../abi/flags.js';
import { prestat } from '../abi/structs.js';
import { takeOut } from '../kernel/descriptors/names.js';
import { FILE, retain } from '../kernel/descriptors/open-file.js';
import {
  ENTRY,
  type EntryInit,
  entryOf,
  lowestFree,
  makeRoom,
  openEntry,
  put,
  release,
  rightsOf,
  withTable,
} from '../kernel/descriptors/table.js';
import { fail } from '../kernel/failure.js';
import { loadText } from '../kernel/memory/text.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';

/** A further reference on what an open entry names, and its rights. */
function share(thread: GuestThread, entry: number): { file: number; init: EntryInit } {
  const { kernel } = thread;
  const file = kernel.words[entry + ENTRY.FILE]!;
  kernel.reach(file, FILE.WORDS);
  retain(kernel, file);
  return { file, init: { rights: rightsOf(kernel, entry) } };
}

/** A WASIX libc resolves paths through its preopens for as long as it runs; they cannot be replaced. */
function isPreopen(thread: GuestThread, fd: number): boolean {
  const entry = entryOf(thread.kernel, thread.process, fd);
  return thread.kernel.words[entry + ENTRY.FILE] !== 0 && thread.kernel.words[entry + ENTRY.PREOPEN] !== 0;
}

/** dup2: `to` names what `from` names, and what it named before is closed (ABI §2.2, quirk 1 of §7). */
function renumber(thread: GuestThread, from: number, to: number): Errno {
  const replaced = withTable(thread, () => {
    const source = openEntry(thread, from);
    if (from === to) return 0;
    // A preview1 program moves a descriptor onto another; a WASIX program doubles it onto any number.
    if (!thread.view.wasix) openEntry(thread, to);
    else makeRoom(thread, to >>> 0, Errno.BADF);
    if (thread.view.wasix && isPreopen(thread, to)) fail(Errno.NOTSUP);
    const { file, init } = share(thread, thread.view.wasix ? openEntry(thread, from) : source);
    const old = takeOut(thread, to);
    put(thread, to, file, init);
    if (!thread.view.wasix) release(thread, takeOut(thread, from));
    return old;
  });
  if (replaced !== 0) release(thread, replaced);
  return Errno.SUCCESS;
}

function duplicate(thread: GuestThread, fd: number, minimum: number, flags: number, result: number): Errno {
  thread.memory.span(result, 4);
  // All in one go: were `fd` closed in between, nothing would name the file for a moment, and a socket would be over.
  const number = withTable(thread, () => {
    openEntry(thread, fd);
    const free = lowestFree(thread, minimum);
    const { file, init } = share(thread, openEntry(thread, fd));
    put(thread, free, file, { ...init, flags });
    return free;
  });
  thread.memory.setU32(result, number);
  return Errno.SUCCESS;
}

/** Name of the preopen `fd`; BADF for anything else, which ends libc's scan (ABI §1.4). */
function preopenName(thread: GuestThread, fd: number): string {
  return withTable(thread, () => {
    const entry = openEntry(thread, fd);
    const name = thread.kernel.words[entry + ENTRY.PREOPEN]!;
    return name === 0 ? fail(Errno.BADF) : loadText(thread.kernel, name);
  });
}

const encoder = new TextEncoder();

export const fdTableHandlers: Handlers<
  | 'fd_close'
  | 'fd_renumber'
  | 'fd_dup'
  | 'fd_dup2'
  | 'fd_fdflags_get'
  | 'fd_fdflags_set'
  | 'fd_prestat_get'
  | 'fd_prestat_dir_name'
> = {
  fd_close(thread, fd) {
    release(
      thread,
      withTable(thread, () => {
        openEntry(thread, fd);
        return takeOut(thread, fd);
      }),
    );
    return Errno.SUCCESS;
  },

  fd_renumber: renumber,

  fd_dup: (thread, fd, result) => duplicate(thread, fd, 0, 0, result),

  /** The lowest number from `minimum` on (F_DUPFD); not POSIX's dup2, for all its name. */
  fd_dup2(thread, fd, minimum, cloexec, result) {
    if (minimum >>> 0 >= thread.descriptorLimit) return Errno.INVAL;
    return duplicate(thread, fd, minimum >>> 0, cloexec === 0 ? 0 : FdFlagsExt.CLOEXEC, result);
  },

  fd_fdflags_get(thread, fd, result) {
    const flags = withTable(thread, () => {
      const entry = openEntry(thread, fd);
      return thread.kernel.words[entry + ENTRY.FLAGS]!;
    });
    thread.memory.setU16(result, flags);
    return Errno.SUCCESS;
  },

  fd_fdflags_set(thread, fd, flags) {
    return withTable(thread, () => {
      const entry = openEntry(thread, fd);
      thread.kernel.words[entry + ENTRY.FLAGS] = flags & FdFlagsExt.CLOEXEC;
      return Errno.SUCCESS;
    });
  },

  fd_prestat_get(thread, fd, result) {
    const name = encoder.encode(preopenName(thread, fd));
    const at = thread.memory.clear(result, prestat.size);
    thread.memory.setU8(at + prestat.at.tag, PreopenType.DIR);
    thread.memory.setU32(at + prestat.at.nameLen, name.length);
    return Errno.SUCCESS;
  },

  fd_prestat_dir_name(thread, fd, buffer, length) {
    const name = encoder.encode(preopenName(thread, fd));
    if (length >>> 0 < name.length) return Errno.NAMETOOLONG;
    thread.memory.write(buffer, name);
    return Errno.SUCCESS;
  },
};
