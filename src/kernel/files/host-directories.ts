/**
 * How a walk holds on to host directories and steps from one into the next. Two ways: by descriptor
 * (proc-directories.ts), which nothing can move out of the sandbox, and by path (realpath-directories.ts), for
 * systems without `/proc`.
 */
import type { HostDirectories } from './host-directory.js';
import { ProcDirectories } from './proc-directories.js';
import { RealpathDirectories } from './realpath-directories.js';

/** @param procPrefix what `procPrefix` of proc-directories.ts answers in this process */
export function hostDirectories(procPrefix: string | undefined): HostDirectories {
  return procPrefix === undefined ? new RealpathDirectories() : new ProcDirectories(procPrefix);
}
