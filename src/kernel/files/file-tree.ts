/** The guest's files: the one door to this directory for the rest of the kernel. */
import { Errno } from '../../abi/errno.js';
import { fail } from '../failure.js';
import type { DirectoryRef, OpenedFileTreeConfig, SharedCell } from './config.js';
import * as entries from './entries.js';
import { type FileStatus, statusOfHostFd } from './file-status.js';
import { setTimesOfHostFd } from './file-times.js';
import { closeHostDirectories } from './host-anchor.js';
import type { HostDirectories } from './host-directory.js';
import { NameSpace } from './name-space.js';
import { type OpenedFile, type OpenOptions, openAt } from './open.js';
import { canonicalPath } from './path-text.js';
import { type DirectoryEntry, entriesOf } from './read-directory.js';
import { findSocketAt, placeSocketAt, type SocketPlace } from './socket-files.js';
import { nodeStatus, requireWritable, setTimesAt, statusAt } from './status.js';
import { Walk } from './walk.js';

/** A directory the guest finds open at its start. */
export interface Preopen {
  readonly name: string;
  readonly directory: DirectoryRef;
}

/**
 * The guest's file name space and its path calls.
 *
 * Every worker builds its own from the same opened configuration and cell; there is no state in it that others
 * need. Paths are guest paths, relative to `from` unless absolute. All methods throw a `Failure` for what the name
 * space refuses and let Node's file system errors through (`errnoOfHostError`). They never block without bound and
 * leave no descriptor open but those they answer.
 *
 * @example
 * const opened = openFileTree(config);            // host thread, once
 * const files = new FileTree(opened, cell);       // any thread
 * const [first] = files.openRoots();
 * const file = files.open(first.directory, 'a.txt', { follow: true, read: true });
 */
export class FileTree {
  readonly #space: NameSpace;

  /** @param host how to hold host directories; the default is the best that the system has */
  constructor(config: OpenedFileTreeConfig, cell: SharedCell, host?: HostDirectories) {
    this.#space = new NameSpace(config, cell, host);
  }

  /**
   * Opens what the guest has open from descriptor 3 on: in view `preopens` the mounts in order, in view `tree`
   * `/`, the working directory as `.`, and `/` again. The caller owns the host descriptors.
   * Throws NOENT or NOTDIR when the working directory is none.
   */
  openRoots(): Preopen[] {
    const preopens: Preopen[] = [];
    try {
      for (const { name, directory, path } of this.#roots()) {
        const opened = this.open(directory, path, { follow: true, directory: true, read: true });
        const { hostFd, mount, path: found } = opened;
        preopens.push({ name, directory: { hostFd, mount, path: found } });
      }
      return preopens;
    } catch (error) {
      closeHostDirectories(preopens.map(({ directory }) => directory.hostFd));
      throw error;
    }
  }

  /** What {@link openRoots} opens: `path`, seen from `directory`. */
  #roots(): (Preopen & { readonly path: string })[] {
    const { config, table } = this.#space;
    if (config.view === 'preopens') {
      return config.mounts.map(({ guest }, mount) => ({
        name: guest,
        directory: { hostFd: -1, mount, path: table.mounts[mount]!.root },
        path: '.',
      }));
    }
    const directory = this.directoryAt('/');
    const root = { name: '/', directory, path: '.' };
    return [root, { name: '.', directory, path: canonicalPath(config.cwd) }, root];
  }

  /** A directory by canonical path, without opening it; it is looked up on each use. View `tree` only. */
  directoryAt(path: string): DirectoryRef {
    const { rootMount } = this.#space.table;
    if (rootMount === undefined) fail(Errno.NOTCAPABLE);
    return { hostFd: -1, mount: rootMount.index, path };
  }

  open(from: DirectoryRef, path: string, options: OpenOptions): OpenedFile {
    return openAt(this.#space, from, path, options);
  }

  /** The status of what `path` names; of a final link itself unless `follow`. */
  stat(from: DirectoryRef, path: string, follow: boolean): FileStatus {
    return statusAt(this.#space, from, path, follow);
  }

  /** The status of something open. */
  statOf(file: DirectoryRef): FileStatus {
    if (file.hostFd !== -1) return statusOfHostFd(file.hostFd);
    const device = this.#space.table.deviceAt(file.path);
    return device === undefined ? this.stat(file, '.', true) : nodeStatus(device);
  }

  /** Sets times, nanoseconds since the epoch, to the microsecond; an undefined one stays. */
  setTimes(
    from: DirectoryRef,
    path: string,
    follow: boolean,
    atim: bigint | undefined,
    mtim: bigint | undefined,
  ): void {
    setTimesAt(this.#space, from, path, follow, atim, mtim);
  }

  /** {@link setTimes} of something open. */
  setTimesOf(file: DirectoryRef, atim: bigint | undefined, mtim: bigint | undefined): void {
    requireWritable(this.#space.table.mounts[file.mount]!);
    if (file.hostFd === -1) this.setTimes(file, '.', true, atim, mtim);
    else setTimesOfHostFd(file.hostFd, atim, mtim);
  }

  /** True when a mount was granted for reading only. */
  isReadOnly(mount: number): boolean {
    return this.#space.table.mounts[mount]!.readOnly;
  }

  makeDirectory(from: DirectoryRef, path: string): void {
    entries.makeDirectoryAt(this.#space, from, path);
  }

  /** NOTEMPTY for one that is not empty, BUSY for a mount point or a directory on the way to one. */
  removeDirectory(from: DirectoryRef, path: string): void {
    entries.removeDirectoryAt(this.#space, from, path);
  }

  /** ISDIR for a directory. */
  unlink(from: DirectoryRef, path: string): void {
    entries.unlinkAt(this.#space, from, path);
  }

  /** XDEV between mounts, BUSY for mount points. References to a moved directory keep working. */
  rename(oldFrom: DirectoryRef, oldPath: string, newFrom: DirectoryRef, newPath: string): void {
    entries.renameAt(this.#space, oldFrom, oldPath, newFrom, newPath);
  }

  /** `follow` is INVAL, as with the other runtimes. PERM for a directory, XDEV between mounts. */
  link(
    oldFrom: DirectoryRef,
    oldPath: string,
    follow: boolean,
    newFrom: DirectoryRef,
    newPath: string,
  ): void {
    if (follow) fail(Errno.INVAL);
    entries.makeLinkAt(this.#space, oldFrom, oldPath, newFrom, newPath);
  }

  /** Makes `path` a link to `target`. NOTCAPABLE for an absolute target in view `preopens`. */
  symlink(target: string, from: DirectoryRef, path: string): void {
    entries.makeSymlinkAt(this.#space, target, from, path);
  }

  /** The target bytes of a link; INVAL for what is none. */
  readlink(from: DirectoryRef, path: string): Uint8Array {
    return entries.readLinkAt(this.#space, from, path);
  }

  /** Whether this system can hold socket files so that a path leads where it did when it was looked at. */
  get holdsSockets(): boolean {
    return this.#space.host.anchored;
  }

  /** Where a socket file can be made. ADDRINUSE for a name that is taken. The caller owns the descriptor. */
  placeSocket(from: DirectoryRef, path: string): SocketPlace {
    return placeSocketAt(this.#space, from, path);
  }

  /** The socket file that `path` names. CONNREFUSED for another file. The caller owns the descriptor. */
  findSocket(from: DirectoryRef, path: string): SocketPlace {
    return findSocketAt(this.#space, from, path);
  }

  /** All entries, with `.`, `..` and mount points, sorted by name bytes. */
  readDirectory(directory: DirectoryRef): DirectoryEntry[] {
    return entriesOf(this.#space, directory);
  }

  /** The canonical path of the directory that `path` names, seen from `cwd`: the new cwd of `chdir`. View `tree`. */
  changeDirectory(cwd: string, path: string): string {
    const walk = new Walk(this.#space, this.directoryAt(cwd), path);
    try {
      walk.toDirectory();
      return walk.path;
    } finally {
      walk.close();
    }
  }
}
