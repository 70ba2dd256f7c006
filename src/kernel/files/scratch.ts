/**
 * The private directories of a run: the root of view `tree` and each `tmpfs` mount.
 *
 * All lie in one host directory under the system's temporary directory, made at the first write into any of them,
 * by whichever thread writes first, and known to the others through the shared cell. It is the user's alone (0700).
 */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { osModule } from '../builtin-modules.js';
import type { SharedCell } from './config.js';
import { closeHostDirectories, openHostDirectory } from './host-anchor.js';
import type { HostRoot } from './host-directory.js';
import type { Mount, MountTable } from './mount-table.js';

/** What the cell holds, as JSON. */
interface ScratchRecord {
  readonly path: string;
  /** For each mount of the table its host descriptor; −1 for those that are not scratch. */
  readonly fds: readonly number[];
}

export class Scratch {
  readonly #table: MountTable;
  readonly #cell: SharedCell;
  #roots: readonly HostRoot[] | undefined;

  constructor(table: MountTable, cell: SharedCell) {
    this.#table = table;
    this.#cell = cell;
  }

  /** The host directory of a scratch mount; undefined while nothing has been written to any. */
  rootOf(mount: number): HostRoot | undefined {
    if (this.#roots === undefined) {
      const text = this.#cell.load();
      if (text === undefined) return undefined;
      this.#roots = rootsOf(text);
    }
    return this.#roots[mount];
  }

  /** Makes the directories, unless some thread already has. */
  create(): void {
    this.#roots ??= rootsOf(this.#cell.once(() => JSON.stringify(createScratch(this.#table))));
  }
}

function rootsOf(text: string): HostRoot[] {
  const { path, fds } = JSON.parse(text) as ScratchRecord;
  return fds.map((fd, index) => ({ fd, path: join(path, String(index)) }));
}

function createScratch(table: MountTable): ScratchRecord {
  const path = mkdtempSync(join(realpathSync.native(osModule().tmpdir()), 'wasix-run-'));
  const fds: number[] = [];
  try {
    for (const mount of table.mounts)
      fds.push(mount.kind === 'scratch' ? createRoot(table, mount, path) : -1);
    return { path, fds };
  } catch (error) {
    closeHostDirectories(fds);
    removeScratch([path]);
    throw error;
  }
}

function createRoot(table: MountTable, mount: Mount, path: string): number {
  const root = join(path, String(mount.index));
  mkdirSync(root);
  for (const below of table.initialDirectoriesOf(mount)) mkdirSync(root + below);
  return openHostDirectory(root);
}

/** Ends the scratch directories of a run, if there are any: closes their descriptors and removes them. Host side. */
export function discardScratch(cell: SharedCell): void {
  const text = cell.load();
  if (text === undefined) return;
  const { path, fds } = JSON.parse(text) as ScratchRecord;
  closeHostDirectories(fds);
  removeScratch([path]);
}

/** Removes directories with all they hold, including subdirectories which their owner may not write to. */
export function removeScratch(paths: readonly string[]): void {
  for (const path of paths) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      makeRemovable(path);
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

/** Gives the owner all rights on every directory of a tree, following no links. */
function makeRemovable(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path)) makeRemovable(join(path, name));
}
