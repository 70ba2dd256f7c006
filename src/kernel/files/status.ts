/** Looking at files by path: `path_filestat_get` and `path_filestat_set_times` (ABI §2.3). */
import { fstatSync, lstatSync } from 'node:fs';
import { Errno } from '../../abi/errno.js';
import { FileType } from '../../abi/filetype.js';
import { fail } from '../failure.js';
import { statusOfCommand } from './commands.js';
import type { DirectoryRef } from './config.js';
import { type FileStatus, statusOfStats, virtualStatus } from './file-status.js';
import { setTimesAtHostPath } from './file-times.js';
import { type Mount, ROOT_INO, type VirtualNode } from './mount-table.js';
import type { NameSpace } from './name-space.js';
import { parentOf } from './path-text.js';
import { Walk } from './walk.js';

const QUIET = { bigint: true, throwIfNoEntry: false } as const;

/** The status of what `path` names. */
export function statusAt(space: NameSpace, from: DirectoryRef, path: string, follow: boolean): FileStatus {
  const walk = new Walk(space, from, path);
  try {
    walk.toLast();
    return settle(walk, follow);
  } finally {
    walk.close();
  }
}

/** Follows final links where that is asked for, or where a trailing slash asks for it, and answers the status. */
function settle(walk: Walk, follow: boolean): FileStatus {
  for (;;) {
    const status = statusHere(walk);
    if (status === undefined) fail(Errno.NOENT);
    if (status.filetype === FileType.SYMBOLIC_LINK && (follow || walk.directory)) {
      walk.followLink();
      continue;
    }
    if (walk.directory && status.filetype !== FileType.DIRECTORY) fail(Errno.NOTDIR);
    return status;
  }
}

/** The status of the walk's last component, of a link itself; undefined when there is nothing. */
export function statusHere(walk: Walk): FileStatus | undefined {
  const { base, fd, path } = walk.top;
  if (walk.name === '') {
    if (base === '') return directoryStatus(walk.space, path);
    return statusOfStats(fd === -1 ? lstatSync(base, { bigint: true }) : fstatSync(fd, { bigint: true }));
  }
  const command = walk.command();
  if (command !== undefined) return statusOfCommand(walk.space, command);
  if (base === '') {
    const node = walk.virtualNode();
    return node === undefined ? undefined : nodeStatus(node);
  }
  const stats = lstatSync(base + walk.name, QUIET);
  return stats === undefined ? undefined : statusOfStats(stats);
}

export function nodeStatus(node: VirtualNode): FileStatus {
  return virtualStatus(node.filetype, node.ino);
}

/** The status of a directory without a host directory. */
function directoryStatus(space: NameSpace, path: string): FileStatus {
  const parent = parentOf(path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  const node = space.table.junctionsIn(parent)?.get(name) ?? space.table.fixedIn(parent)?.get(name);
  return node === undefined ? virtualStatus(FileType.DIRECTORY, ROOT_INO) : nodeStatus(node);
}

/** Sets the times of what `path` names, in nanoseconds since the epoch; an undefined one stays. */
export function setTimesAt(
  space: NameSpace,
  from: DirectoryRef,
  path: string,
  follow: boolean,
  atim: bigint | undefined,
  mtim: bigint | undefined,
): void {
  const walk = new Walk(space, from, path);
  try {
    walk.toLast();
    settle(walk, follow);
    refuseCommand(walk);
    walk.ensureHost();
    requireWritable(walk.top.mount);
    setTimesAtHostPath(walk.name === '' ? `${walk.top.base}.` : walk.hostPath, atim, mtim);
  } finally {
    walk.close();
  }
}

/** ROFS for a mapped command. */
export function refuseCommand(walk: Walk): void {
  if (walk.command() !== undefined) fail(Errno.ROFS);
}

/** ROFS for a mount that was granted for reading only. */
export function requireWritable(mount: Mount): void {
  if (mount.readOnly) fail(Errno.ROFS);
}
