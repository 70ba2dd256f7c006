/** Random attempts to reach what was not granted, and what tells that one has succeeded. */
import {
  closeSync,
  fstatSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { DirectoryRef } from '../../src/kernel/files/config.js';
import { outcome, type Sandbox } from '../unit/kernel/files/sandbox.js';

/** A generator of numbers from 0 to below 1 that gives the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LONG = 'n'.repeat(255);

/** Components of paths: what is in the tree, what the other thread swaps, and ways up and out. */
const components = [
  ...['file.txt', 'sub', 'deep', 'empty', 'inner.txt', 'new', 'fresh', 'swing', 'below', 'target', 'x'],
  ...['secret.txt', 'outside', 'box', 'made', 'link'],
  ...['to-sub', 'to-file', 'chain', 'up-and-back', 'to-parent-file', 'dangling', 'loop-a', 'escape-up'],
  ...['escape-file', 'escape-chain', 'escape-two-up', 'escape-absolute'],
  ...['..', '..', '..', '.', '', LONG],
];

/** What must not be reached, in a sandbox's directory `outside`. */
export class Canary {
  readonly #sandbox: Sandbox;
  readonly #inodes: ReadonlySet<bigint>;
  readonly #before: string;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    symlinkSync('secret-target', sandbox.at('outside/link'));
    const paths = ['outside', 'outside/secret.txt', 'outside/link', '.'];
    this.#inodes = new Set(paths.map((path) => lstatSync(sandbox.at(path), { bigint: true }).ino));
    this.#before = this.#state();
  }

  /** Everything about the directory that a program could have changed. */
  #state(): string {
    const at = (path: string) => this.#sandbox.at(path);
    const { mtimeNs, nlink } = lstatSync(at('outside/secret.txt'), { bigint: true });
    return `${readFileSync(at('outside/secret.txt'))} ${readlinkSync(at('outside/link'))} ${mtimeNs} ${nlink}`;
  }

  /** True when an inode number is that of something outside. */
  has(ino: bigint): boolean {
    return this.#inodes.has(ino);
  }

  /** What is not as it was. */
  changes(entries: readonly string[]): string[] {
    const strays = entries.filter((name) => !['secret.txt', 'link', 'below'].includes(name));
    const state = this.#state();
    return [
      ...strays.map((name) => `made ${name} outside`),
      ...(state === this.#before ? [] : [`changed: ${state}`]),
    ];
  }
}

export class Attacker {
  readonly #sandbox: Sandbox;
  readonly #canary: Canary;
  readonly #random: () => number;
  readonly #roots: readonly DirectoryRef[];

  constructor(sandbox: Sandbox, canary: Canary, random: () => number) {
    this.#sandbox = sandbox;
    this.#canary = canary;
    this.#random = random;
    this.#roots = [sandbox.root, ...sandbox.roots().map(({ directory }) => directory)];
  }

  /** One attempt; answers what was reached that must not be, or undefined. */
  attempt(): string | undefined {
    const call = this.#pick(calls);
    const [path, other] = [this.#path(), this.#path()];
    const [root, second] = [this.#pick(this.#roots), this.#pick(this.#roots)];
    let reached: string | undefined;
    outcome(() => {
      reached = call(this.#sandbox, this.#canary, { root, second, path, other, random: this.#random });
    });
    return reached === undefined ? undefined : `${reached} by ${call.name} ${JSON.stringify([path, other])}`;
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }

  #path(): string {
    const { base } = this.#sandbox;
    const random = this.#random();
    if (random < 0.04) return `${base}/outside/${this.#pick(['secret.txt', 'link', 'made'])}`;
    if (random < 0.08) return `magic-root${base}/outside/${this.#pick(['secret.txt', 'link', 'made'])}`;
    if (random < 0.1) return `${'sub/../'.repeat(200)}../outside/secret.txt`;
    const names = Array.from({ length: 1 + Math.floor(this.#random() * 6) }, () => this.#pick(components));
    return names.join('/') + (this.#random() < 0.1 ? '/' : '');
  }
}

interface Names {
  readonly root: DirectoryRef;
  readonly second: DirectoryRef;
  readonly path: string;
  readonly other: string;
  readonly random: () => number;
}

type Attempt = (sandbox: Sandbox, canary: Canary, names: Names) => string | undefined;

const open: Attempt = ({ files }, canary, { root, path, random }) => {
  const write = random() < 0.5;
  const opened = files.open(root, path, {
    follow: random() < 0.8,
    read: true,
    write,
    create: write && random() < 0.5,
    truncate: write && random() < 0.2,
    directory: random() < 0.2,
  });
  if (opened.hostFd === -1) return undefined;
  try {
    if (canary.has(fstatSync(opened.hostFd, { bigint: true }).ino)) return 'opened what is outside';
    if (write && opened.kind === 'file') writeFileSync(opened.hostFd, 'attack');
    return undefined;
  } finally {
    closeSync(opened.hostFd);
  }
};

const stat: Attempt = ({ files }, canary, { root, path, random }) =>
  canary.has(files.stat(root, path, random() < 0.7).ino) ? 'saw what is outside' : undefined;

const readlink: Attempt = ({ files }, _canary, { root, path }) =>
  Buffer.from(files.readlink(root, path)).toString() === 'secret-target' ? 'read a link outside' : undefined;

/** Attempts whose success is seen at what they change. */
function changing(name: string, change: (sandbox: Sandbox, names: Names) => void): Attempt {
  const attempt: Attempt = (sandbox, _canary, names) => {
    change(sandbox, names);
    return undefined;
  };
  return Object.defineProperty(attempt, 'name', { value: name });
}

const calls: readonly Attempt[] = [
  ...[open, open, open, open, stat, stat, stat, readlink],
  changing('times', ({ files }, { root, path, random }) =>
    files.setTimes(root, path, random() < 0.7, 1n, 1n),
  ),
  changing('mkdir', ({ files }, { root, path }) => files.makeDirectory(root, path)),
  changing('rmdir', ({ files }, { root, path }) => files.removeDirectory(root, path)),
  changing('unlink', ({ files }, { root, path }) => files.unlink(root, path)),
  changing('rename', ({ files }, { root, second, path, other }) => files.rename(root, path, second, other)),
  changing('link', ({ files }, { root, second, path, other }) =>
    files.link(root, path, false, second, other),
  ),
  changing('symlink', ({ files }, { root, path, other }) => files.symlink(other, root, path)),
];
