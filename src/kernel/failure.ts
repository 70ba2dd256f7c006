import type { Errno } from '../abi/errno.js';

/**
 * What a guest call answers when it cannot do its work: an errno, thrown so that deep code needs no result
 * plumbing. One frozen object per errno and no stack capture, because probing for files that do not exist is
 * ordinary work for a guest.
 */
export class Failure {
  readonly errno: Errno;
  constructor(errno: Errno) {
    this.errno = errno;
  }
}

const failures: Failure[] = [];

/** Ends the current guest call with `errno`. */
export function fail(errno: Errno): never {
  failures[errno] ??= Object.freeze(new Failure(errno));
  throw failures[errno];
}
