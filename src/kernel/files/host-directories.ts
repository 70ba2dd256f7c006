/**
 * How a walk holds on to host directories and steps from one into the next. Two ways: by descriptor
 * (proc-directories.ts), which nothing can move out of the sandbox, and by path (realpath-directories.ts), for
 * systems without `/proc`.
 */
import type { HostDirectories } from './host-directory.js';
import { findProcPrefix, ProcDirectories } from './proc-directories.js';
import { RealpathDirectories } from './realpath-directories.js';

const procPrefix = findProcPrefix();

/** The best way this system has, found out once at load. */
export const hostDirectories: HostDirectories =
  procPrefix === undefined ? new RealpathDirectories() : new ProcDirectories(procPrefix);
