import type { DirectoryRef } from '../files/config.js';
import { loadText } from '../memory/text.js';
import { workingDirectory } from '../processes/working-directory.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { FILE, FileKind, WORKING_DIRECTORY } from './open-file.js';

function isWorkingDirectory(thread: GuestThread, file: number): boolean {
  const { words } = thread.kernel;
  return words[file + FILE.KIND] === FileKind.DIRECTORY && words[file + FILE.DEVICE] === WORKING_DIRECTORY;
}

/** The place of an open file as the file tree names it. */
export function directoryRefOf(thread: GuestThread, file: number): DirectoryRef {
  const { kernel } = thread;
  if (isWorkingDirectory(thread, file)) return thread.view.files.directoryAt(workingDirectory(thread));
  const path = kernel.words[file + FILE.PATH]!;
  return {
    hostFd: kernel.words[file + FILE.HOST_FD]!,
    mount: kernel.words[file + FILE.MOUNT]!,
    path: path === 0 ? '' : loadText(kernel, path),
  };
}
