/**
 * Host directories by descriptor. On Linux `/proc/<pid>/fd/N/name` names the entry `name` of the directory open as
 * N, wherever that directory is by now: with one component at a time and O_NOFOLLOW it does what openat(2) does,
 * so neither a link nor a rename made meanwhile leads a walk elsewhere.
 */
import { closeSync, constants, fstatSync, openSync, readlinkSync, statSync } from 'node:fs';
import type { HostFile } from './config.js';
import type { HostDirectories, HostDirectory, HostRoot } from './host-directory.js';

/** Linux's O_PATH, which Node does not export: a descriptor to name things with, not to read from. */
const O_PATH = 0x20_0000;
const ENTER = O_PATH | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

const REOPEN = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export class ProcDirectories implements HostDirectories {
  readonly anchored = true;
  readonly #prefix: string;

  /** @param prefix what {@link procPrefix} answered */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  baseOfRoot(root: HostRoot): string {
    return `${this.#prefix}${root.fd}/`;
  }

  baseOfOpen(hostFd: number): string {
    return `${this.#prefix}${hostFd}/`;
  }

  reopen({ fd }: HostFile): number {
    return openSync(`${this.#prefix}${fd}`, REOPEN);
  }

  enter(base: string, name: string): HostDirectory {
    const fd = openSync(base + name, ENTER);
    return { fd, base: `${this.#prefix}${fd}/` };
  }
}

let found: { readonly prefix: string | undefined } | undefined;

/**
 * The directory of this process's descriptors in `/proc`, with a slash, or undefined when the system has none that
 * works. Looked for once, on the host.
 */
export function procPrefix(): string | undefined {
  found ??= { prefix: findProcPrefix() };
  return found.prefix;
}

/** The path with the process id is preferred: it saves the kernel one link per call, some 10 %. */
function findProcPrefix(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  let fd = -1;
  try {
    fd = openSync('/', O_PATH | constants.O_DIRECTORY);
    // In a process namespace with a foreign /proc the id would be another process's.
    const own = readlinkSync('/proc/self') === String(process.pid);
    const prefix = own ? `/proc/${process.pid}/fd/` : '/proc/self/fd/';
    return leadsTo(fd, `${prefix}${fd}/proc`, '/proc') ? prefix : undefined;
  } catch {
    return undefined;
  } finally {
    if (fd !== -1) closeSync(fd);
  }
}

function leadsTo(fd: number, through: string, direct: string): boolean {
  const a = statSync(through);
  const b = statSync(direct);
  return fstatSync(fd).isDirectory() && a.dev === b.dev && a.ino === b.ino;
}
