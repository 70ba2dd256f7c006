/** A host directory tree to resolve in, granted in both views, and ways to look at what came out. */
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoName } from '../../../../src/abi/errno.js';
import { Failure } from '../../../../src/kernel/failure.js';
import type {
  DirectoryRef,
  FileTreeConfig,
  OpenedFileTreeConfig,
  SharedCell,
} from '../../../../src/kernel/files/config.js';
import { FileTree, type Preopen } from '../../../../src/kernel/files/file-tree.js';
import { closeFileTree, openFileTree } from '../../../../src/kernel/files/file-tree-setup.js';
import { hostDirectories } from '../../../../src/kernel/files/host-directories.js';
import { errnoOfHostError } from '../../../../src/kernel/files/host-error.js';
import { procPrefix } from '../../../../src/kernel/files/proc-directories.js';
import { RealpathDirectories } from '../../../../src/kernel/files/realpath-directories.js';

/** The best way of holding host directories that this system has. */
export const bestHost = hostDirectories(procPrefix());

/** Both ways of holding host directories; on systems without /proc they are the same one. */
export const resolvers = [
  { resolver: 'by descriptor', host: bestHost },
  { resolver: 'by path', host: new RealpathDirectories() },
] as const;

export type Host = (typeof resolvers)[number]['host'];

/** The cell within one thread. */
export class LocalCell implements SharedCell {
  value: string | undefined;
  load(): string | undefined {
    return this.value;
  }
  once(create: () => string): string {
    this.value ??= create();
    return this.value;
  }
}

export class Sandbox {
  readonly base: string;
  readonly cell = new LocalCell();
  readonly config: OpenedFileTreeConfig;
  readonly files: FileTree;
  /** The first preopen: `box` in view `preopens`, `/` in view `tree`. */
  readonly root: DirectoryRef;
  readonly #open: number[] = [];

  constructor(view: FileTreeConfig['view'], host: Host) {
    this.base = realpathSync(mkdtempSync(join(tmpdir(), 'file-tree-test-')));
    buildHostTree(this.base);
    this.config = openFileTree(view === 'tree' ? treeConfig(this.base) : preopensConfig(this.base));
    this.files = new FileTree(this.config, this.cell, host);
    this.root = this.roots()[0]!.directory;
  }

  /** Opens the roots; they are closed with the sandbox. */
  roots(): Preopen[] {
    const roots = this.files.openRoots();
    for (const { directory } of roots) this.#keep(directory.hostFd);
    return roots;
  }

  /** Host path of something beneath the sandbox's base. */
  at(path: string): string {
    return join(this.base, path);
  }

  /** Opens a directory that is closed with the sandbox. */
  directory(path: string, from: DirectoryRef = this.root): DirectoryRef {
    const opened = this.files.open(from, path, { follow: true, directory: true, read: true });
    this.#keep(opened.hostFd);
    return opened;
  }

  /** Host paths beneath the base, or beneath the scratch directory, that this process has open. */
  openPaths(): string[] {
    const paths: string[] = [];
    for (const fd of readdirSync('/proc/self/fd')) {
      try {
        const path = readlinkSync(`/proc/self/fd/${fd}`);
        if (path.startsWith(this.base) || path.includes('/wasix-run-')) paths.push(path);
      } catch {
        // The descriptor that lists them.
      }
    }
    return paths.sort();
  }

  dispose(): void {
    for (const fd of this.#open) closeSync(fd);
    closeFileTree(this.config, this.cell);
    rmSync(this.base, { recursive: true, force: true });
  }

  #keep(fd: number): void {
    if (fd !== -1) this.#open.push(fd);
  }
}

/** What `act` answers, or the name of the errno a guest would get for its error. */
export function outcome(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    const errno = error instanceof Failure ? error.errno : errnoOfHostError(error);
    if (errno === undefined) throw error;
    return errnoName(errno);
  }
}

function buildHostTree(base: string): void {
  const directories = ['outside', 'box/sub/deep', 'box/empty', 'readonly/dir', 'nested', 'point', 'far'];
  for (const path of directories) mkdirSync(join(base, path), { recursive: true });
  const texts = {
    'outside/secret.txt': 'secret',
    'box/file.txt': 'hello',
    'box/sub/inner.txt': 'inner',
    'box/naïve-日本': 'name',
    'readonly/kept.txt': 'kept',
    'nested/in-nested.txt': 'nested',
    'far/far.txt': 'far',
  };
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(base, path), text);
  const links = {
    'box/to-file': 'file.txt',
    'box/to-sub': 'sub',
    'box/to-sub-slash': 'sub/',
    'box/to-file-slash': 'file.txt/',
    'box/chain': 'to-sub',
    'box/up-and-back': 'sub/../file.txt',
    'box/sub/to-parent-file': '../file.txt',
    'box/dangling': 'nowhere',
    'box/dangling-deep': 'nowhere/at/all',
    'box/loop-a': 'loop-b',
    'box/loop-b': 'loop-a',
    'box/self': 'self/x',
    'box/escape-up': '../outside',
    'box/escape-file': '../outside/secret.txt',
    'box/escape-chain': 'sub/escape-two-up',
    'box/sub/escape-two-up': '../../outside',
    'box/escape-absolute': join(base, 'outside'),
    'box/magic-root': '/proc/self/root',
    'box/magic-cwd': '/proc/self/cwd',
    'box/guest-absolute': '/box/file.txt',
    'readonly/to-kept': 'kept.txt',
    'readonly/dangling': 'nowhere',
  };
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(base, path));
}

function preopensConfig(base: string): FileTreeConfig {
  return {
    view: 'preopens',
    cwd: '/',
    mounts: [
      { guest: 'box', host: join(base, 'box'), readOnly: false, kind: 'host' },
      { guest: './read//only', host: join(base, 'readonly'), readOnly: true, kind: 'host' },
      { guest: '/mem', host: '', readOnly: false, kind: 'tmpfs' },
    ],
  };
}

function treeConfig(base: string): FileTreeConfig {
  return {
    view: 'tree',
    cwd: '/box/sub',
    mounts: [
      { guest: '/box', host: join(base, 'box'), readOnly: false, kind: 'host' },
      { guest: '/ro', host: join(base, 'readonly'), readOnly: true, kind: 'host' },
      { guest: '/box/sub/nested', host: join(base, 'nested'), readOnly: false, kind: 'host' },
      { guest: '/box/missing/point', host: join(base, 'point'), readOnly: false, kind: 'host' },
      { guest: '/mem', host: '', readOnly: false, kind: 'tmpfs' },
      { guest: '/very/far/away', host: join(base, 'far'), readOnly: false, kind: 'host' },
    ],
  };
}
