import type { FileType } from '../../abi/filetype.js';
import { type FileStatus, statusOfHostFd, virtualStatus } from '../files/file-status.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { directoryRefOf } from './directory-ref.js';
import { FILE } from './open-file.js';

/** The status of an open file of any kind. Streams and devices have one of their own making. */
export function statusOf(thread: GuestThread, file: number): FileStatus {
  const { words } = thread.kernel;
  if (words[file + FILE.MOUNT]! >= 0) return thread.view.files.statOf(directoryRefOf(thread, file));
  const hostFd = words[file + FILE.HOST_FD]!;
  if (hostFd < 0) return virtualStatus(words[file + FILE.TYPE] as FileType, file);
  return { ...statusOfHostFd(hostFd), filetype: words[file + FILE.TYPE] as FileType };
}
