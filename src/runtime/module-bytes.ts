/** Reading modules from open files, whatever those are: of what is no module no more than it takes to say what it is. */
import { fstatSync, readSync } from 'node:fs';
import { LoadError } from './load-error.js';

const MAGIC = [0, 0x61, 0x73, 0x6d];
/** What V8 takes at most. A guest can make a file of any size in no time, and a device may have no end. */
const MOST_BYTES = 2 ** 30;
const HEAD_BYTES = 4096;
const CHUNK_BYTES = 0x1_0000;

/** The bytes of the module open as `descriptor`, or the first of what is none. `path` is what messages call it. */
export function readModule(descriptor: number, path: string): Uint8Array {
  const status = fstatSync(descriptor);
  // Files of /proc have no size.
  return status.isFile() && status.size > 0
    ? readRegular(descriptor, path, status.size)
    : readStream(descriptor, path);
}

function readRegular(descriptor: number, path: string, size: number): Uint8Array {
  const head = readWhole(descriptor, Math.min(size, HEAD_BYTES));
  if (size <= HEAD_BYTES || !isModule(head)) return head;
  if (size > MOST_BYTES) throw tooLarge(path);
  return readWhole(descriptor, size);
}

function readWhole(descriptor: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let read = 0;
  while (read < size) {
    const count = readSync(descriptor, bytes, read, size - read, read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}

function readStream(descriptor: number, path: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  let known = false;
  for (;;) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const count = readSync(descriptor, chunk, 0, CHUNK_BYTES, null);
    chunks.push(chunk.subarray(0, count));
    total += count;
    if (count === 0) break;
    if (total > MOST_BYTES) throw tooLarge(path);
    if (known || total < HEAD_BYTES) continue;
    known = isModule(Buffer.concat(chunks));
    if (!known) break;
  }
  return Buffer.concat(chunks);
}

function isModule(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte);
}

function tooLarge(path: string): LoadError {
  return new LoadError('not-loadable', `${path} is larger than a module can be`);
}
