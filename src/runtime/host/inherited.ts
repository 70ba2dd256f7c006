/**
 * The host's own standard streams, as descriptors that guest threads can use.
 *
 * No guest thread may make a host call that can block without bound: nothing could end it then. So what is not a
 * regular file or a plain device is opened anew without blocking, where the system allows that, or goes through the
 * event loop altogether.
 */
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { FileType } from '../../abi/filetype.js';
import { netModule, ttyModule } from '../../kernel/builtin-modules.js';
import { isPlain, isTerminal, plainType, streamType } from './descriptor-kind.js';

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

/** Looks at stdin (0). Undefined when the descriptor is closed. */
export function inheritedInput(fd: number): InheritedStream | undefined {
  const status = statusOf(fd);
  if (!status) return undefined;
  if (isPlain(fd, status))
    return { filetype: plainType(status), hostFd: fd, mayFill: false, terminal: false };
  return { filetype: streamType(fd, status), hostFd: -1, mayFill: false, terminal: isTerminal(fd, status) };
}

/** Looks at stdout or stderr (1, 2). Undefined when the descriptor is closed. */
export function inheritedOutput(fd: number): InheritedStream | undefined {
  const status = statusOf(fd);
  if (!status) return undefined;
  if (isPlain(fd, status))
    return { filetype: plainType(status), hostFd: fd, mayFill: false, terminal: false };
  const hostFd = status.isSocket() ? -1 : reopen(fd);
  return { filetype: streamType(fd, status), hostFd, mayFill: true, terminal: isTerminal(fd, status) };
}

/** Streams made for a run, which end with it. */
const spares = new WeakSet<Writable>();

/**
 * A Node stream for what a guest's own descriptor of stdout or stderr (1, 2) did not take, or for more than guests. It has
 * a descriptor of its own: a stream closes its descriptor as soon as it fails, and the number may be another file's then,
 * which a guest that goes on writing must not write to. Node's own stream where there can be no other.
 */
export function spareSink(fd: number): Writable {
  const status = statusOf(fd);
  const hostFd = !status || status.isSocket() || isPlain(fd, status) ? -1 : reopen(fd);
  if (hostFd < 0) return ownSink(fd);
  const sink = isTerminal(fd, status!)
    ? owningAll(new (ttyModule().WriteStream)(hostFd), hostFd)
    : new (netModule().Socket)({ fd: hostFd, readable: false, writable: true });
  spares.add(sink);
  return sink;
}

/** Lets go of what `spareSink` made; Node's own stream stays as it is. */
export function releaseSpareSink(sink: Writable): void {
  if (spares.has(sink)) sink.destroy();
}

/** libuv opens a terminal once more for its stream, and leaves the descriptor that it was given to who gave it. */
function owningAll<T extends Readable | Writable>(stream: T, hostFd: number): T {
  const { _handle: handle } = stream as { readonly _handle?: { readonly fd?: number } };
  if (handle?.fd !== undefined && handle.fd !== hostFd) closeSync(hostFd);
  return stream;
}

/** Closes a descriptor made by `reopen`. */
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

/**
 * Opens Node's stdin, a terminal, and each time that it has ended, by Ctrl-D, the terminal anew: for Node an end is the
 * last, but on a terminal one reader has come to it, and the next may go on.
 */
export function terminalSource(): Readable {
  const source = process.stdin;
  if (!source.readableEnded && !source.destroyed) return source;
  const path = process.platform === 'linux' ? '/proc/self/fd/0' : '/dev/tty';
  const hostFd = openSync(path, constants.O_RDONLY | constants.O_NOCTTY);
  return owningAll(new (ttyModule().ReadStream)(hostFd), hostFd);
}

/** Lets go of Node's stdin so that it does not keep the host program alive; what was opened for the run is closed. */
export function releaseOwnSource(source: Readable): void {
  if (source !== process.stdin) {
    source.destroy();
    return;
  }
  source.pause();
  (source as Partial<Socket>).unref?.();
}
