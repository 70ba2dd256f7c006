/** Files of the host by what they are, not by where: device and inode as text. */
import { fstatSync, lstatSync } from 'node:fs';

/** The file at `path`, a link itself; undefined for none. */
export function fileAt(path: string): string | undefined {
  const status = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return status && `${status.dev}:${status.ino}`;
}

/** The file open as `hostFd`. */
export function openFileOf(hostFd: number): string {
  const { dev, ino } = fstatSync(hostFd, { bigint: true });
  return `${dev}:${ino}`;
}
