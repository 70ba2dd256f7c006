/** Descriptors of host directories that anchor mounts and open directories; −1 where the system opens no directories. */
import { closeSync, constants, openSync } from 'node:fs';

export function openHostDirectory(path: string): number {
  if (process.platform === 'win32') return -1;
  return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
}

export function closeHostDirectories(fds: Iterable<number>): void {
  for (const fd of fds) if (fd !== -1) closeSync(fd);
}
