/**
 * The host's own standard streams, as descriptors that guest threads can use.
 *
 * No guest thread may make a host call that can block without bound: nothing could end it then. So what is not a
 * regular file or a plain device is opened anew without blocking, where the system allows that, or goes through the
 * event loop altogether.
 */
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { isatty, WriteStream } from 'node:tty';
import { FileType } from '../../abi/filetype.js';

/** How a guest may use an inherited descriptor. */
export interface InheritedStream {
  readonly filetype: FileType;
  /** Descriptor for direct use, −1 when everything goes through the event loop. */
  readonly hostFd: number;
  /** True when direct use can come to a full pipe or terminal, and a stream must stand by. */
  readonly mayFill: boolean;
  readonly terminal: boolean;
}

function statusOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd);
  } catch {
    return undefined;
  }
}

/** A descriptor of its own on the same pipe or terminal that never blocks; −1 where that cannot be had. */
function reopen(fd: number): number {
  if (process.platform !== 'linux') return -1;
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return -1;
  }
}

/** Whether `fd` is a file or device whose reads and writes return at once. */
function isPlain(fd: number, status: Stats): boolean {
  return (
    status.isFile() ||
    status.isDirectory() ||
    status.isBlockDevice() ||
    (status.isCharacterDevice() && !isatty(fd))
  );
}

function plainType(status: Stats): FileType {
  if (status.isFile()) return FileType.REGULAR_FILE;
  if (status.isDirectory()) return FileType.DIRECTORY;
  return status.isBlockDevice() ? FileType.BLOCK_DEVICE : FileType.CHARACTER_DEVICE;
}

/** Looks at stdin (0). Undefined when the descriptor is closed. */
export function inheritedInput(fd: number): InheritedStream | undefined {
  const status = statusOf(fd);
  if (!status) return undefined;
  if (isPlain(fd, status))
    return { filetype: plainType(status), hostFd: fd, mayFill: false, terminal: false };
  const terminal = isatty(fd);
  const filetype = terminal
    ? FileType.CHARACTER_DEVICE
    : status.isSocket()
      ? FileType.SOCKET_STREAM
      : FileType.UNKNOWN;
  return { filetype, hostFd: -1, mayFill: false, terminal };
}

/** Looks at stdout or stderr (1, 2). Undefined when the descriptor is closed. */
export function inheritedOutput(fd: number): InheritedStream | undefined {
  const status = statusOf(fd);
  if (!status) return undefined;
  if (isPlain(fd, status))
    return { filetype: plainType(status), hostFd: fd, mayFill: false, terminal: false };
  const terminal = isatty(fd);
  const filetype = terminal
    ? FileType.CHARACTER_DEVICE
    : status.isSocket()
      ? FileType.SOCKET_STREAM
      : FileType.UNKNOWN;
  return { filetype, hostFd: status.isSocket() ? -1 : reopen(fd), mayFill: true, terminal };
}

/** The Node stream that writes what `hostFd`, made by `reopen`, did not take. It owns the descriptor from then on. */
export function spareSink(hostFd: number): Writable {
  if (isatty(hostFd)) return new WriteStream(hostFd);
  return new Socket({ fd: hostFd, readable: false, writable: true });
}

/** Closes a descriptor made by `reopen` that no sink has taken over. */
export function closeReopened(hostFd: number): void {
  closeSync(hostFd);
}

/** Node's own stream on a standard descriptor; shared with the rest of the host program, never closed by us. */
export function ownSink(fd: number): Writable {
  return fd === 1 ? process.stdout : process.stderr;
}

export function ownSource(): Readable {
  return process.stdin;
}

/** Lets go of Node's stdin so that it does not keep the host program alive. */
export function releaseOwnSource(source: Readable): void {
  source.pause();
  (source as Partial<Socket>).unref?.();
}
