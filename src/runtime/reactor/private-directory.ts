/**
 * A directory of the reactor's own for names that nobody else is to use: sockets only for this run, and short ways to
 * directories that are known by descriptor. Made when it is first needed, where the program itself cannot get at it: who
 * could replace such a name would have the reactor go elsewhere.
 */
import { mkdtempSync, realpathSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { errnoOfHostError } from '../../kernel/files/host-error.js';
import { fileAt } from './file-identity.js';

/** Where it may be made: the first that there is and that the program cannot write to. */
const PARENTS = [tmpdir(), '/dev/shm', '/var/tmp', '/run/shm'];

/** Begins its name: short, for paths of sockets are; with the process, whose remains it would be. */
const NAME = `wasix-${process.pid.toString(36)}-`;

export class PrivateDirectory {
  readonly #writable: readonly string[];
  #path: string | undefined;
  #names = 0;

  /** @param writable directories of the host that the program may write to */
  constructor(writable: readonly string[]) {
    this.#writable = writable;
  }

  /** A path in it that has not been answered before. ENOTSUP when there is no place for it. */
  freshPath(): string {
    this.#path ??= this.#make();
    return join(this.#path, String(this.#names++));
  }

  /**
   * Runs `use` with a path of the directory open as `hostFd`. The path is gone when it returns: who remembers it, as Node
   * does with the path of a socket in order to remove the file when the socket is closed, finds nothing there.
   */
  through<T>(hostFd: number, use: (path: string) => T): T {
    this.#path ??= this.#make();
    const link = join(this.#path, 'd');
    symlinkSync(`/proc/self/fd/${hostFd}`, link);
    try {
      return use(link);
    } finally {
      unlinkSync(link);
    }
  }

  remove(): void {
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true });
    this.#path = undefined;
  }

  #make(): string {
    const writable = new Set(this.#writable.map(fileAt));
    for (const parent of PARENTS) {
      const made = makeIn(parent, writable);
      if (made !== undefined) return made;
    }
    throw Object.assign(new Error('no place for a private directory'), { code: 'ENOTSUP' });
  }
}

/** Whether `path` or a directory above it is one of `files`, by whatever name. */
function isBeneath(path: string, files: ReadonlySet<string | undefined>): boolean {
  const above = dirname(path);
  return files.has(fileAt(path)) || (above !== path && isBeneath(above, files));
}

/** Undefined where it cannot or must not be made. */
function makeIn(parent: string, writable: ReadonlySet<string | undefined>): string | undefined {
  try {
    const real = realpathSync.native(parent);
    return isBeneath(real, writable) ? undefined : mkdtempSync(join(real, NAME));
  } catch (error) {
    if (errnoOfHostError(error) === undefined) throw error;
    return undefined;
  }
}
