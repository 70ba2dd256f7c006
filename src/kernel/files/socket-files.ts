/**
 * Socket files in the guest's tree (ABI §2.9): where one can be made, and which one a path names. Both are answered with a
 * host descriptor that stands for the place, so that nothing that happens to the path meanwhile leads elsewhere. Only
 * where host directories are anchored (host-directory.ts): elsewhere there is no such descriptor.
 */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { Errno } from '../../abi/errno.js';
import { FileType } from '../../abi/filetype.js';
import { Failure, fail } from '../failure.js';
import type { DirectoryRef } from './config.js';
import { prepareNew } from './entries.js';
import type { NameSpace } from './name-space.js';
import { statusHere } from './status.js';
import { Walk } from './walk.js';

/** Linux's O_PATH, which Node does not export. */
const O_PATH = 0x20_0000;

export interface SocketPlace {
  /** Descriptor of the directory that the socket file is to be made in, or of the file itself. */
  readonly hostFd: number;
  /** Canonical guest path of the file. */
  readonly path: string;
}

export function placeSocketAt(space: NameSpace, from: DirectoryRef, path: string): SocketPlace {
  const walk = new Walk(space, from, path);
  try {
    walk.toLast();
    requireFree(walk);
    // Only a directory can have a trailing slash.
    if (walk.directory) fail(Errno.NOENT);
    const hostFd = openSync(walk.top.base, O_PATH | constants.O_DIRECTORY);
    return { hostFd, path: walk.path };
  } finally {
    walk.close();
  }
}

/** A name that is taken is an address that is in use. */
function requireFree(walk: Walk): void {
  try {
    prepareNew(walk);
    if (statusHere(walk) !== undefined) fail(Errno.EXIST);
  } catch (error) {
    if (error instanceof Failure && error.errno === Errno.EXIST) fail(Errno.ADDRINUSE);
    throw error;
  }
}

export function findSocketAt(space: NameSpace, from: DirectoryRef, path: string): SocketPlace {
  const walk = new Walk(space, from, path);
  try {
    walk.toLast();
    for (;;) {
      const hostFd = openSocketFile(walk);
      if (hostFd !== undefined) return { hostFd, path: walk.path };
      walk.followLink();
    }
  } finally {
    walk.close();
  }
}

/** Opens the socket file that the walk ended at; undefined for a symbolic link. */
function openSocketFile(walk: Walk): number | undefined {
  const status = statusHere(walk);
  if (status === undefined) fail(Errno.NOENT);
  if (status.filetype === FileType.SYMBOLIC_LINK) return undefined;
  if (walk.directory && status.filetype !== FileType.DIRECTORY) fail(Errno.NOTDIR);
  if (status.filetype !== FileType.SOCKET_STREAM || walk.command() !== undefined) fail(Errno.CONNREFUSED);
  // A link that was put in its place meanwhile is opened itself, and is no socket.
  const hostFd = openSync(walk.hostPath, O_PATH | constants.O_NOFOLLOW);
  if (fstatSync(hostFd).isSocket()) return hostFd;
  closeSync(hostFd);
  return fail(Errno.CONNREFUSED);
}
