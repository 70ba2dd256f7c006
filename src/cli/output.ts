/** Writing to the user's own descriptors, whatever has become of them. */
import { writeSync } from 'node:fs';
import { codeOf } from '../kernel/files/host-error.js';

/** Milliseconds between two attempts at a full pipe that somebody has made non-blocking. */
const PAUSE_MS = 1;
const never = new Int32Array(new SharedArrayBuffer(4));

/** Descriptors that have failed. A trace that paid for an exception with every line would fall behind without end. */
const failed = new Set<number>();

/**
 * Writes all of `text` to stdout (1) or stderr (2) before it returns. What nobody can take any more, on a closed pipe,
 * a full disk or a terminal that has gone, is dropped, and all that follows it: there is nowhere to complain.
 */
export function writeText(fd: 1 | 2, text: string): void {
  if (failed.has(fd)) return;
  let left = Buffer.from(text);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(fd, left));
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') {
        failed.add(fd);
        return;
      }
      Atomics.wait(never, 0, 0, PAUSE_MS);
    }
  }
}
