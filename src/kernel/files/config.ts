/** What the guest may see of the host's files: plain data, decided before the run and the same in every worker. */

/** One directory the user granted. */
export interface MountConfig {
  /**
   * View `preopens`: the name of the preopen, as given. View `tree`: where it appears, from the guest's root; the
   * later of two in the same place hides the other.
   */
  readonly guest: string;
  /** Absolute path of the host directory; `''` for `tmpfs`. */
  readonly host: string;
  readonly readOnly: boolean;
  /** `tmpfs` is a private directory that lives as long as the run. */
  readonly kind: 'host' | 'tmpfs';
}

/** A file of the host that is a program in the guest's `/bin` (commands.ts). */
export interface CommandConfig {
  /** Its name there: one component of a path. */
  readonly name: string;
  /** Absolute path of the host file. */
  readonly host: string;
}

export interface FileTreeConfig {
  /**
   * `preopens`: each mount is a preopen of its own and there is no common root (preview1 modules).
   * `tree`: the mounts hang in one Unix-like tree with `/dev`, `/tmp` and scratch space (WASIX modules).
   */
  readonly view: 'preopens' | 'tree';
  readonly mounts: readonly MountConfig[];
  /** Programs in `/bin`, in view `tree`; none when left out. */
  readonly commands?: readonly CommandConfig[];
  /** Working directory at the start, an absolute guest path; of no meaning in view `preopens`. */
  readonly cwd: string;
}

/** A {@link FileTreeConfig} whose host directories are open: what workers are given. Still plain data. */
export interface OpenedFileTreeConfig extends FileTreeConfig {
  /** For each mount the host descriptor that anchors it, −1 for `tmpfs`. Nobody but `closeFileTree` closes these. */
  readonly hostFds: readonly number[];
  /** For each mount the host directory with all symbolic links resolved, `''` for `tmpfs`. */
  readonly hostPaths: readonly string[];
  /** For each command its open file. Nobody but `closeFileTree` closes these. */
  readonly commandFiles: readonly HostFile[];
  /** Where the system shows the descriptors of this process (proc-directories.ts); undefined where it does not. */
  readonly procPrefix: string | undefined;
}

/** A host file or directory that stays open for the run. */
export interface HostFile {
  /** −1 for a directory on a system that opens none. */
  readonly fd: number;
  /** Its path with all links resolved. */
  readonly path: string;
}

/**
 * A directory the guest holds open. Plain data: it can be kept in shared memory and used by any thread. Who keeps
 * it must not close `hostFd` while a call with it runs, for the number could come to mean another directory.
 */
export interface DirectoryRef {
  /** Host descriptor, −1 for a directory that has none (yet): such a one is looked up by `path` on each use. */
  readonly hostFd: number;
  /** Index of its mount. */
  readonly mount: number;
  /** Canonical path when it was opened: from the guest's root in view `tree`, from its preopen's root otherwise. */
  readonly path: string;
}

/**
 * One string that all workers share, set at most once. It says where the scratch directories are.
 */
export interface SharedCell {
  /** The string, or undefined while it is not set. */
  load(): string | undefined;
  /** Runs `create` once over all threads and answers its result to all of them; others wait. A throw sets nothing. */
  once(create: () => string): string;
}
