/** The text of guest paths (ABI §2.3): splitting and joining, without looking at any file. */
import { Errno } from '../../abi/errno.js';
import { fail } from '../failure.js';

const MAX_PATH_BYTES = 1 << 20;
const MAX_NAME_BYTES = 255;

export interface ParsedPath {
  readonly absolute: boolean;
  /** Components without `.` and empty ones, last first: the order in which a walk pops them. */
  readonly names: string[];
  /** Ends in a slash or in `.`, so that the last component must be a directory. */
  readonly directory: boolean;
  /** The last component is `.`. */
  readonly endsWithDot: boolean;
}

/** Splits a path. Empty NOENT; embedded NUL INVAL; over 1 MiB NAMETOOLONG. */
export function parsePath(path: string): ParsedPath {
  if (path === '') fail(Errno.NOENT);
  if (path.includes('\0')) fail(Errno.INVAL);
  if (path.length > MAX_PATH_BYTES / 3 && Buffer.byteLength(path) > MAX_PATH_BYTES) fail(Errno.NAMETOOLONG);
  if (!path.includes('/') && path !== '.') {
    return { absolute: false, names: [path], directory: false, endsWithDot: false };
  }
  const names = componentsOf(path).reverse();
  const endsWithDot = path === '.' || path.endsWith('/.');
  return { absolute: path.startsWith('/'), names, directory: endsWithDot || path.endsWith('/'), endsWithDot };
}

/** The components of a path in order, without `.` and empty ones. */
export function componentsOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** Refuses a component longer than any file system takes. */
export function checkName(name: string): void {
  if (name.length > MAX_NAME_BYTES / 3 && Buffer.byteLength(name) > MAX_NAME_BYTES) fail(Errno.NAMETOOLONG);
}

/** The canonical path of `name` in the directory with the canonical path `directory`. */
export function joinPath(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

/** The canonical path of the directory that holds `path`; of `/` itself for `/`. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** A guest path as a canonical one: absolute, without `.`, `..` (which stops at the root) and empty components. */
export function canonicalPath(path: string): string {
  const names: string[] = [];
  for (const name of componentsOf(path)) {
    if (name === '..') names.pop();
    else names.push(name);
  }
  return `/${names.join('/')}`;
}
