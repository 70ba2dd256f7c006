/**
 * Walking a guest path (ABI §2.3), one component at a time, from a directory to the last component.
 *
 * A walk keeps the directories it came through open, so that `..` goes back to the one it came from rather than to
 * wherever that directory has been moved meanwhile, and reads symbolic links itself: their targets are guest paths
 * like any other. It ends in front of the last component (`name`), which it does not touch, for the call to act on;
 * or, when the path means a directory the walk stands in (`.`, `..`, `/`, a mount point), in it, with `name` empty.
 *
 * Whoever makes a walk calls `close` on every way out.
 */
import { closeSync, lstatSync, readlinkSync } from 'node:fs';
import { Errno } from '../../abi/errno.js';
import { FileType } from '../../abi/filetype.js';
import { Failure, fail } from '../failure.js';
import type { DirectoryRef } from './config.js';
import { codeOf } from './host-error.js';
import type { Mount, VirtualNode } from './mount-table.js';
import type { NameSpace } from './name-space.js';
import { checkName, componentsOf, joinPath, parentOf, parsePath } from './path-text.js';

const MAX_LINKS = 40;
/**
 * Directories a walk keeps open. Beyond that `..` looks its way up again by name: a long path must not use up
 * the descriptors of the whole process.
 */
const MAX_OPEN = 16;
/** A component in `pending` that is none: what comes before it is entered, not left as the last component. */
const ENTER = '.';

/** A directory a walk stands in or came through. */
export interface Frame {
  readonly name: string;
  /** Descriptor the walk opened for it and has to close; −1 for none. */
  fd: number;
  /** Host path prefix of its entries; `''` for a directory that is not on the host. */
  base: string;
  readonly mount: Mount;
  /** Canonical guest path. */
  readonly path: string;
  /** True when its descriptor was closed to save descriptors. */
  dropped: boolean;
}

/** How the last component of a path names a directory the walk already stands in. */
export type Ending = 'dot' | 'dotdot' | 'mount';

export class Walk {
  readonly space: NameSpace;
  readonly #frames: Frame[] = [];
  #pending: string[];
  #links = 0;
  /** The last component; `''` when the walk ended in the directory itself. */
  name = '';
  /** Why `name` is empty. */
  ending: Ending = 'dot';
  /** The path ends in a slash or `.`: what it names must be a directory, and a final link is followed. */
  directory: boolean;
  readonly endsWithDot: boolean;

  /** Prepares a walk; nothing is opened yet. */
  constructor(space: NameSpace, from: DirectoryRef, path: string) {
    const parsed = parsePath(path);
    this.space = space;
    this.#pending = parsed.names;
    this.directory = parsed.directory;
    this.endsWithDot = parsed.endsWithDot;
    if (parsed.absolute) this.#startAtRoot();
    else this.#startAt(from);
  }

  /** The directory the walk stands in. */
  get top(): Frame {
    return this.#frames[this.#frames.length - 1]!;
  }

  /** Host path of the last component. Only where `top.base` is not empty. */
  get hostPath(): string {
    return this.top.base + this.name;
  }

  /** Canonical guest path of what the walk found. */
  get path(): string {
    return this.name === '' ? this.top.path : joinPath(this.top.path, this.name);
  }

  /** Goes to the last component. */
  toLast(): void {
    for (;;) {
      const name = this.#pending.pop();
      if (name === undefined) return;
      if (name === ENTER) continue;
      if (name === '..') {
        this.#up();
        continue;
      }
      checkName(name);
      const junction = this.#junction(name);
      if (this.#pending.length === 0 && junction === undefined) {
        this.name = name;
        return;
      }
      this.ending = 'mount';
      this.#enter(name, junction !== undefined);
    }
  }

  /** Goes into the directory that the whole path names. NOTDIR when it names something else. */
  toDirectory(): void {
    this.#pending.unshift(ENTER);
    this.toLast();
  }

  /**
   * Reads the symbolic link that the last component is and goes to the last component of its target. Stays where
   * it is when another program has just replaced the link by something else.
   */
  followLink(): void {
    this.#countLink();
    const target = readLink(this.hostPath);
    if (target === undefined) return;
    this.#expand(target);
    this.toLast();
  }

  /** True when the last component is a symbolic link. */
  atLink(): boolean {
    return lstatSync(this.hostPath, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  }

  /** The last component among the entries that exist without the host: where `top.base` is empty. */
  virtualNode(): VirtualNode | undefined {
    return this.space.table.fixedIn(this.top.path)?.get(this.name);
  }

  /** The mapped command that the last component is: its index in the configuration. It hides what else is there. */
  command(): number | undefined {
    return this.space.table.commandsIn(this.top.path)?.get(this.name);
  }

  /** Makes sure the directory the walk stands in is on the host, in order to write to it. ROFS when it cannot be. */
  ensureHost(): void {
    const { base, mount, path } = this.top;
    if (base !== '') return;
    if (mount.kind !== 'scratch') fail(Errno.ROFS);
    this.space.scratch.create();
    const { name } = this;
    this.#restart(this.#mountFrame(mount, ''));
    this.#pending = [...(name === '' ? [] : [name]), ENTER];
    const under = mount.root === '/' ? '' : mount.root;
    this.#pending.push(...componentsOf(path.slice(under.length)).reverse());
    this.toLast();
    if (this.top.base === '') fail(Errno.ROFS);
  }

  /** Closes what the walk opened. */
  close(): void {
    for (const frame of this.#frames) this.#release(frame);
    this.#frames.length = 0;
  }

  #startAt(from: DirectoryRef): void {
    const { space } = this;
    const mount = space.table.mounts[from.mount]!;
    if (from.hostFd !== -1) {
      const below = mount.root === '/' ? from.path : from.path.slice(mount.root.length);
      const base = space.host.baseOfOpen(from.hostFd, space.rootOf(mount)!, below === '/' ? '' : below);
      this.#push('', -1, base, mount, from.path);
    } else if (from.path === mount.root) {
      this.#frames.push(this.#mountFrame(mount, ''));
    } else {
      this.#pending.push(ENTER, ...componentsOf(from.path).reverse());
      this.#frames.push(this.#mountFrame(space.table.rootMount ?? mount, ''));
    }
  }

  /** An absolute path starts at the root of the tree; in view `preopens` there is none to start at. */
  #startAtRoot(): void {
    const { rootMount } = this.space.table;
    if (rootMount === undefined) fail(Errno.NOTCAPABLE);
    this.#restart(this.#mountFrame(rootMount, ''));
  }

  #restart(frame: Frame): void {
    this.close();
    this.#frames.push(frame);
    this.name = '';
    this.ending = 'mount';
  }

  #mountFrame(mount: Mount, name: string): Frame {
    const root = this.space.rootOf(mount);
    const base = root === undefined ? '' : this.space.host.baseOfRoot(root);
    return { name, fd: -1, base, mount, path: mount.root, dropped: false };
  }

  #push(name: string, fd: number, base: string, mount: Mount, path: string): void {
    this.#frames.push({ name, fd, base, mount, path, dropped: false });
    const old = this.#frames[this.#frames.length - 1 - MAX_OPEN];
    if (old !== undefined && old.fd !== -1) {
      this.#release(old);
      // Its number may soon mean another directory.
      old.base = '';
      old.dropped = true;
    }
  }

  #release(frame: Frame): void {
    if (frame.fd !== -1) closeSync(frame.fd);
    frame.fd = -1;
  }

  #junction(name: string): VirtualNode | undefined {
    return this.space.table.junctionsIn(this.top.path)?.get(name);
  }

  /** Steps into the directory `name`, or reads the link it is. */
  #enter(name: string, junction: boolean): void {
    const { base, mount, path } = this.top;
    const child = joinPath(path, name);
    if (this.space.table.commandsIn(path)?.has(name)) fail(Errno.NOTDIR);
    const mounted = junction ? this.space.table.mountAt(child) : undefined;
    if (mounted !== undefined) {
      this.#frames.push(this.#mountFrame(mounted, name));
      return;
    }
    if (base === '') {
      if (!junction) this.#requireVirtualDirectory(name);
      this.#push(name, -1, '', mount, child);
      return;
    }
    try {
      const entered = this.space.host.enter(base, name, this.space.rootOf(mount)!);
      this.#push(name, entered.fd, entered.base, mount, child);
    } catch (error) {
      // A way to a mount point is a directory to the guest whatever the host has there.
      if (junction && (isNotDirectory(error) || codeOf(error) === 'ENOENT'))
        this.#push(name, -1, '', mount, child);
      else if (isNotDirectory(error)) this.#enterLink(name, error);
      else throw error;
    }
  }

  /** Goes on after `name` turned out to be no directory: with the target if it is a link. */
  #enterLink(name: string, error: unknown): void {
    const hostPath = this.top.base + name;
    const target = readLink(hostPath);
    // What is no link either may have just become a directory.
    if (target === undefined && !lstatSync(hostPath).isDirectory()) throw error;
    this.#countLink();
    if (target === undefined) this.#pending.push(name);
    else this.#expand(target);
  }

  /** Counts the links of a path, and the times that the host changed it under our hands: both must end. */
  #countLink(): void {
    if (++this.#links > MAX_LINKS) fail(Errno.LOOP);
  }

  #requireVirtualDirectory(name: string): void {
    const node = this.space.table.fixedIn(this.top.path)?.get(name);
    if (node === undefined) fail(Errno.NOENT);
    if (node.filetype !== FileType.DIRECTORY) fail(Errno.NOTDIR);
  }

  /** Goes on with the target of a link in place of the link. */
  #expand(target: string): void {
    const parsed = parsePath(target);
    if (this.#pending.length === 0 && parsed.directory) this.directory = true;
    if (parsed.absolute) this.#startAtRoot();
    this.name = '';
    this.ending = 'dot';
    this.#pending.push(...parsed.names);
  }

  #up(): void {
    this.ending = 'dotdot';
    const left = this.#frames.length > 1 ? this.#frames.pop()! : undefined;
    if (left !== undefined) {
      this.#release(left);
      if (this.top.dropped) this.#walkAgain();
      return;
    }
    const { path } = this.top;
    if (this.space.table.rootMount === undefined) fail(Errno.NOTCAPABLE);
    if (path === '/') return;
    // Above the directory the walk started in: by name from the root, for the guest may have moved it meanwhile,
    // but never by the host's idea of its parent.
    this.#startAtRoot();
    this.#pending.push(ENTER, ...componentsOf(parentOf(path)).reverse());
    this.ending = 'dotdot';
  }

  /** Looks the way to the top directory up again from the start, to reopen what was dropped. */
  #walkAgain(): void {
    const names = this.#frames.slice(1).map((frame) => frame.name);
    for (const frame of this.#frames.splice(1)) this.#release(frame);
    this.#pending.push(ENTER, ...names.reverse());
  }
}

function isNotDirectory(error: unknown): boolean {
  if (error instanceof Failure) return error.errno === Errno.NOTDIR;
  const code = codeOf(error);
  return code === 'ENOTDIR' || code === 'ELOOP' || code === 'EMLINK';
}

/** The target of a link; undefined for what is none. */
function readLink(hostPath: string): string | undefined {
  try {
    return readlinkSync(hostPath);
  } catch (error) {
    if (codeOf(error) === 'EINVAL') return undefined;
    throw error;
  }
}
