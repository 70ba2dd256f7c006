/**
 * The standard streams of a supervisor. Those that Node gives a worker go by way of the main thread, whose event loop
 * is what a supervisor is to do without. It has streams on the descriptors themselves instead, made at their first use.
 */
import { createReadStream, createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { isatty, ReadStream, WriteStream } from 'node:tty';

/** Has `process.stdin`, `stdout` and `stderr` of this worker be streams on descriptors 0, 1 and 2. */
export function useOwnDescriptors(): void {
  define('stdin', source);
  define('stdout', () => sink(1));
  define('stderr', () => sink(2));
}

function define(name: 'stdin' | 'stdout' | 'stderr', make: () => Readable | Writable): void {
  let stream: Readable | Writable | undefined;
  const get = () => {
    stream ??= make();
    return stream;
  };
  Object.defineProperty(process, name, { configurable: true, enumerable: true, get });
}

function isConnection(fd: number): boolean {
  const status = fstatSync(fd);
  return status.isFIFO() || status.isSocket();
}

function source(): Readable {
  if (isatty(0)) return new ReadStream(0);
  if (isConnection(0)) return new Socket({ fd: 0, readable: true, writable: false });
  return createReadStream('', { fd: 0, autoClose: false });
}

function sink(fd: number): Writable {
  if (isatty(fd)) return new WriteStream(fd);
  if (isConnection(fd)) return new Socket({ fd, readable: false, writable: true });
  return createWriteStream('', { fd, autoClose: false });
}
