/** Files by path (ABI §2.3). Resolution and the sandbox are kernel/files. */
import { Errno } from '../abi/errno.js';
import { LookupFlags } from '../abi/flags.js';
import { RightBit } from '../abi/rights.js';
import { directoryRefOf } from '../kernel/descriptors/directory-ref.js';
import { FILE, FileKind } from '../kernel/descriptors/open-file.js';
import { fail } from '../kernel/failure.js';
import type { DirectoryRef } from '../kernel/files/config.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { withFile } from './fd-io.js';
import { timesToSet, type WriteStatus, writeFilestat, writeFilestatSnapshot0 } from './filestat.js';
import type { Handlers } from './handler.js';

/** Runs `work` on the directory `fd`; NOTDIR when it is something else. */
export function withDirectory<T>(
  thread: GuestThread,
  fd: number,
  right: number,
  work: (directory: DirectoryRef, file: number) => T,
): T {
  return withFile(thread, fd, right, (file) => {
    if (thread.kernel.words[file + FILE.KIND] !== FileKind.DIRECTORY) return fail(Errno.NOTDIR);
    return work(directoryRefOf(thread, file), file);
  });
}

/** The call `change` on one path, beneath the directory `fd`. */
function onPath(
  thread: GuestThread,
  fd: number,
  right: number,
  path: number,
  length: number,
  change: (directory: DirectoryRef, path: string) => void,
): Errno {
  const name = thread.memory.string(path, length);
  return withDirectory(thread, fd, right, (directory) => {
    change(directory, name);
    return Errno.SUCCESS;
  });
}

export function follows(lookup: number): boolean {
  if ((lookup & ~LookupFlags.SYMLINK_FOLLOW) !== 0) fail(Errno.INVAL);
  return lookup === LookupFlags.SYMLINK_FOLLOW;
}

function getFilestat(
  thread: GuestThread,
  [fd, lookup, path, length, result]: readonly [number, number, number, number, number],
  write: WriteStatus,
): Errno {
  const { files } = thread.view;
  return onPath(thread, fd, RightBit.PATH_FILESTAT_GET, path, length, (directory, name) => {
    write(thread.memory, result, files.stat(directory, name, follows(lookup)));
  });
}

export const pathHandlers: Handlers<
  | 'path_create_directory'
  | 'path_filestat_get'
  | 'path_filestat_get_snapshot0'
  | 'path_filestat_set_times'
  | 'path_link'
  | 'path_readlink'
  | 'path_remove_directory'
  | 'path_rename'
  | 'path_symlink'
  | 'path_unlink_file'
> = {
  path_create_directory(thread, fd, path, length) {
    const { files } = thread.view;
    return onPath(thread, fd, RightBit.PATH_CREATE_DIRECTORY, path, length, (directory, name) => {
      files.makeDirectory(directory, name);
    });
  },

  path_filestat_get: (thread, ...args) => getFilestat(thread, args, writeFilestat),

  path_filestat_get_snapshot0: (thread, ...args) => getFilestat(thread, args, writeFilestatSnapshot0),

  path_filestat_set_times(thread, fd, lookup, path, length, atim, mtim, flags) {
    const { files } = thread.view;
    return onPath(thread, fd, RightBit.PATH_FILESTAT_SET_TIMES, path, length, (directory, name) => {
      const times = timesToSet(atim, mtim, flags);
      files.setTimes(directory, name, follows(lookup), times.atim, times.mtim);
    });
  },

  path_link(thread, oldFd, lookup, oldPath, oldLength, newFd, newPath, newLength) {
    const { files } = thread.view;
    const newName = thread.memory.string(newPath, newLength);
    return onPath(thread, oldFd, RightBit.PATH_LINK_SOURCE, oldPath, oldLength, (oldDirectory, oldName) => {
      withDirectory(thread, newFd, RightBit.PATH_LINK_TARGET, (newDirectory) => {
        files.link(oldDirectory, oldName, follows(lookup), newDirectory, newName);
      });
    });
  },

  /** A target longer than the buffer is cut, as POSIX and preview1 have it. */
  path_readlink(thread, fd, path, length, buffer, capacity, used) {
    const { files } = thread.view;
    thread.memory.span(buffer, capacity >>> 0);
    thread.memory.span(used, 4);
    return onPath(thread, fd, RightBit.PATH_READLINK, path, length, (directory, name) => {
      const target = files.readlink(directory, name).subarray(0, capacity >>> 0);
      thread.memory.write(buffer, target);
      thread.memory.setU32(used, target.length);
    });
  },

  path_remove_directory(thread, fd, path, length) {
    const { files } = thread.view;
    return onPath(thread, fd, RightBit.PATH_REMOVE_DIRECTORY, path, length, (directory, name) => {
      files.removeDirectory(directory, name);
    });
  },

  path_rename(thread, oldFd, oldPath, oldLength, newFd, newPath, newLength) {
    const { files } = thread.view;
    const newName = thread.memory.string(newPath, newLength);
    return onPath(thread, oldFd, RightBit.PATH_RENAME_SOURCE, oldPath, oldLength, (oldDirectory, oldName) => {
      withDirectory(thread, newFd, RightBit.PATH_RENAME_TARGET, (newDirectory) => {
        files.rename(oldDirectory, oldName, newDirectory, newName);
      });
    });
  },

  path_symlink(thread, target, targetLength, fd, path, length) {
    const { files } = thread.view;
    const text = thread.memory.string(target, targetLength);
    return onPath(thread, fd, RightBit.PATH_SYMLINK, path, length, (directory, name) => {
      files.symlink(text, directory, name);
    });
  },

  path_unlink_file(thread, fd, path, length) {
    const { files } = thread.view;
    return onPath(thread, fd, RightBit.PATH_UNLINK_FILE, path, length, (directory, name) => {
      files.unlink(directory, name);
    });
  },
};
