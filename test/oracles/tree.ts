/** Equal small file trees for the hosts that are compared, and what is in them afterwards. */
import {
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Times from here on are the clock's, not set by a call. */
export const NOW_FROM_NS = 1_600_000_000_000_000_000n;

/** The granted directories: preopens 3 and 4. */
export const granted = ['box', 'other'] as const;

const directories = ['box/sub/deep', 'box/empty-dir', 'other/dir', 'outside'];
const files = {
  'box/file.txt': 'hello world, says the file\n',
  'box/empty.txt': '',
  'box/sub/inner.txt': 'inner',
  'box/sub/deep/leaf': 'leaf',
  'other/one.txt': 'one',
  'outside/secret.txt': 'secret',
};
const links = {
  'box/to-file': 'file.txt',
  'box/to-sub': 'sub',
  'box/dangling': 'nowhere',
  'box/loop': 'loop',
  'box/up-out': '../outside',
  'box/sub/to-parent': '../file.txt',
};

/**
 * The trees lie this many directories deep, and nothing in them or in a script is absolute: a host under comparison may
 * follow a link out of what it was granted, as `node:wasi` does, and must not reach anything real. A path leads through
 * at most 40 links (the system's limit), and each link, like the path itself, has at most two `..`.
 */
const MOAT = 100;
/** `nobody`: what the comparison runs as when the tests run as root. */
export const UNPRIVILEGED = 65534;

/** The directories around the trees of a run of tests. */
export class Moat {
  readonly #outermost = mkdtempSync(join(tmpdir(), 'wasix-run-oracle-'));
  readonly innermost = join(this.#outermost, 'd/'.repeat(MOAT));

  constructor() {
    mkdirSync(this.innermost, { recursive: true });
    if (process.getuid?.() === 0) giveAway(this.#outermost);
  }

  /** Removes it all; fails when something was made outside the trees. */
  dispose(): void {
    const strays: string[] = [];
    for (let path = this.#outermost; path !== this.innermost; path = join(path, 'd/')) {
      strays.push(...readdirSync(path).filter((name) => name !== 'd'));
    }
    rmSync(this.#outermost, { recursive: true, force: true });
    if (strays.length > 0) throw new Error(`a script got out of its tree and made ${strays}`);
  }
}

function giveAway(path: string): void {
  lchownSync(path, UNPRIVILEGED, UNPRIVILEGED);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveAway(join(path, name));
}

export class Tree {
  readonly base: string;

  constructor(moat: Moat) {
    this.base = mkdtempSync(join(moat.innermost, 'tree-'));
    for (const path of directories) mkdirSync(join(this.base, path), { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(this.base, path), text);
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(this.base, path));
    if (process.getuid?.() === 0) giveAway(this.base);
  }

  /** Every entry as a line: path, type, links, times that were set, content. */
  list(path = ''): string[] {
    const lines: string[] = [];
    for (const name of readdirSync(join(this.base, path)).sort()) {
      const child = path === '' ? name : `${path}/${name}`;
      lines.push(`${child} ${this.#describe(join(this.base, child))}`);
      if (lstatSync(join(this.base, child)).isDirectory()) lines.push(...this.list(child));
    }
    return lines;
  }

  #describe(path: string): string {
    const stats = lstatSync(path, { bigint: true });
    const time = stats.mtimeNs < NOW_FROM_NS ? ` at ${stats.mtimeNs}` : '';
    if (stats.isSymbolicLink()) return `-> ${readlinkSync(path)}${time}`;
    if (stats.isDirectory()) return `directory${time}`;
    const content = readFileSync(path);
    // Files are grown to gigabytes, all of it a hole.
    return `${stats.nlink} ${stats.size} ${content.subarray(0, 200).toString('latin1')}${time}`;
  }

  dispose(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}
