/** Host directories as a walk sees them. */

/** The host directory behind a mount. */
export interface HostRoot {
  /** Descriptor that stays open for the run; −1 where the system does not open directories. */
  readonly fd: number;
  /** Its path with all links resolved. */
  readonly path: string;
}

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
  /**
   * Opens the directory `name` in the directory `base`.
   * Throws the host's ENOTDIR or ELOOP when it is a symbolic link or no directory.
   */
  enter(base: string, name: string, root: HostRoot): HostDirectory;
}
