/**
 * Host directories by path, for systems without `/proc`: weaker than by descriptor.
 *
 * Each directory a walk enters is checked to be no link and, resolved by the system, to lie within its mount. A
 * directory above it that another program replaces by a link between that check and the call is not noticed:
 * links inside the mount at rest cannot lead out of it, a race with a second writer on the host can.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { Errno } from '../../abi/errno.js';
import { fail } from '../failure.js';
import type { HostFile } from './config.js';
import type { HostDirectories, HostDirectory, HostRoot } from './host-directory.js';

export class RealpathDirectories implements HostDirectories {
  readonly anchored = false;

  baseOfRoot(root: HostRoot): string {
    return withSeparator(root.path);
  }

  baseOfOpen(_hostFd: number, root: HostRoot, below: string): string {
    return this.#within(root, root.path + below);
  }

  reopen({ fd, path }: HostFile): number {
    const opened = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (isSameFile(fd, opened)) return opened;
    closeSync(opened);
    return fail(Errno.NOENT);
  }

  enter(base: string, name: string, root: HostRoot): HostDirectory {
    if (sep === '\\' && /[\\:]/.test(name)) fail(Errno.INVAL);
    // Not the host's ENOTDIR, but the walk treats both alike.
    if (!lstatSync(base + name).isDirectory()) fail(Errno.NOTDIR);
    return { fd: -1, base: this.#within(root, base + name) };
  }

  #within(root: HostRoot, path: string): string {
    const real = withSeparator(realpathSync.native(path));
    if (!real.startsWith(withSeparator(root.path))) fail(Errno.NOTCAPABLE);
    return real;
  }
}

function isSameFile(one: number, other: number): boolean {
  const a = fstatSync(one, { bigint: true });
  const b = fstatSync(other, { bigint: true });
  return a.dev === b.dev && a.ino === b.ino;
}

function withSeparator(path: string): string {
  return path.endsWith(sep) ? path : path + sep;
}
