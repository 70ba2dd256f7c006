/** Listing directories: the snapshot that `fd_readdir` (ABI §2.2) hands out piece by piece. */
import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync } from 'node:fs';
import { FileType } from '../../abi/filetype.js';
import { statusOfCommand } from './commands.js';
import type { DirectoryRef } from './config.js';
import { filetypeOfMode } from './file-status.js';
import type { VirtualNode } from './mount-table.js';
import type { NameSpace } from './name-space.js';
import { joinPath } from './path-text.js';
import { statusAt, statusHere } from './status.js';
import { Walk } from './walk.js';

export interface DirectoryEntry {
  /** Bytes as the host has them; not always UTF-8. */
  readonly name: Buffer;
  /** Never 0: libc would look the entry up again (ABI §7). */
  readonly ino: bigint;
  readonly filetype: FileType;
}

/**
 * What a directory holds, with `.`, `..` and the mount points in it, sorted by the bytes of the names.
 *
 * The inode numbers cost one stat per entry: Node does not give those of readdir, and a libc that gets none makes
 * a call per entry to find them out.
 */
export function entriesOf(space: NameSpace, directory: DirectoryRef): DirectoryEntry[] {
  const walk = new Walk(space, directory, '.');
  try {
    walk.toLast();
    const { base, path } = walk.top;
    const entries = base === '' ? fixedEntries(space, path) : hostEntries(base);
    const junctions = space.table.junctionsIn(path);
    const merged =
      junctions === undefined ? entries : withJunctions(space, directory, path, entries, junctions);
    const commands = space.table.commandsIn(path);
    const found = commands === undefined ? merged : withCommands(space, merged, commands);
    found.push(dotEntry('.', statusHere(walk)!.ino), dotEntry('..', parentIno(walk)));
    return found.sort((a, b) => Buffer.compare(a.name, b.name));
  } finally {
    walk.close();
  }
}

function dotEntry(name: string, ino: bigint): DirectoryEntry {
  return { name: Buffer.from(name), ino, filetype: FileType.DIRECTORY };
}

function hostEntries(base: string): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (const name of readdirSync(base, 'buffer')) {
    const path = isUtf8(name) ? base + name.toString() : Buffer.concat([Buffer.from(base), name]);
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    // Undefined when it was removed since the listing.
    if (stats !== undefined)
      entries.push({ name, ino: stats.ino, filetype: filetypeOfMode(Number(stats.mode)) });
  }
  return entries;
}

function fixedEntries(space: NameSpace, path: string): DirectoryEntry[] {
  return [...(space.table.fixedIn(path) ?? [])].map(nodeEntry);
}

function nodeEntry([name, node]: [string, VirtualNode]): DirectoryEntry {
  return { name: Buffer.from(name), ino: BigInt(node.ino), filetype: node.filetype };
}

/** Puts the junctions in the place of what the host has under their names. */
function withJunctions(
  space: NameSpace,
  directory: DirectoryRef,
  path: string,
  entries: readonly DirectoryEntry[],
  junctions: ReadonlyMap<string, VirtualNode>,
): DirectoryEntry[] {
  const others = entries.filter((entry) => !junctions.has(entry.name.toString()));
  const merged = [...junctions.keys()].map((name) => ({
    name: Buffer.from(name),
    ino: statusAt(space, directory, joinPath(path, name), true).ino,
    filetype: FileType.DIRECTORY,
  }));
  return [...others, ...merged];
}

/** Puts the mapped commands in the place of what else has their names. */
function withCommands(
  space: NameSpace,
  entries: readonly DirectoryEntry[],
  commands: ReadonlyMap<string, number>,
): DirectoryEntry[] {
  const others = entries.filter((entry) => !commands.has(entry.name.toString()));
  const mapped = [...commands].map(([name, command]) => {
    const { ino, filetype } = statusOfCommand(space, command);
    return { name: Buffer.from(name), ino, filetype };
  });
  return [...others, ...mapped];
}

/** The inode number of `..`; a mount's root is its own parent, so that nothing above a preopen is told. */
function parentIno(walk: Walk): bigint {
  const { base, mount, path } = walk.top;
  if (path === mount.root || base === '') return statusHere(walk)!.ino;
  return lstatSync(`${base}..`, { bigint: true }).ino;
}
