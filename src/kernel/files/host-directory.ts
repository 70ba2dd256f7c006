/** Host directories as a walk sees them. */

import type { HostFile } from './config.js';

/** The host directory behind a mount. */
export type HostRoot = HostFile;

/** A host directory a walk stands in. */
export interface HostDirectory {
  /** Descriptor to close when done, or −1. */
  readonly fd: number;
  /** Host path which, with a component appended, names an entry of exactly this directory. Ends in a separator. */
  readonly base: string;
}

export interface HostDirectories {
  /** True when `base` is tied to the directory itself, whatever happens to its path. */
  readonly anchored: boolean;
  /** The base of a mount's root. */
  baseOfRoot(root: HostRoot): string;
  /** The base of a directory the guest holds open, `below` its mount's root (`''` or `/a/b`). */
  baseOfOpen(hostFd: number, root: HostRoot, below: string): string;
  /** Opens a file that is open, anew and for reading. NOENT when it cannot be found any more. */
  reopen(file: HostFile): number;
  /**
   * Opens the directory `name` in the directory `base`.
   * Throws the host's ENOTDIR or ELOOP when it is a symbolic link or no directory.
   */
  enter(base: string, name: string, root: HostRoot): HostDirectory;
}
