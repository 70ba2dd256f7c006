/** Opening files: the host side of `path_open` (ABI §2.3). */
import { closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs';
import { Errno } from '../../abi/errno.js';
import { FileType } from '../../abi/filetype.js';
import { fail } from '../failure.js';
import { reopenCommand } from './commands.js';
import type { DirectoryRef } from './config.js';
import type { DeviceName } from './devices.js';
import { filetypeOfMode } from './file-status.js';
import { codeOf } from './host-error.js';
import type { NameSpace } from './name-space.js';
import { statusHere } from './status.js';
import { Walk } from './walk.js';

/** How to open. There is no non-blocking mode to ask for: the host file is always opened so. */
export interface OpenOptions {
  /** Follow the last component if it is a symbolic link; without it a link is LOOP. */
  readonly follow: boolean;
  readonly create?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
  /** Only a directory will do. */
  readonly directory?: boolean;
  readonly read?: boolean;
  readonly write?: boolean;
  /** Set the host's own O_APPEND, which also makes positional writes append and cannot be taken back. */
  readonly append?: boolean;
  readonly sync?: boolean;
  readonly dsync?: boolean;
}

/**
 * What was opened. The caller closes `hostFd` when it is not −1.
 *
 * `file`: a regular file or block device, safe to read and write directly. `character`: a character device of the
 * host, whose reads and writes may have to wait. `device`: an entry of the guest's `/dev`, without a host file.
 */
export interface OpenedFile extends DirectoryRef {
  readonly kind: 'file' | 'directory' | 'character' | 'device';
  readonly filetype: FileType;
  readonly device: DeviceName | undefined;
}

export function openAt(space: NameSpace, from: DirectoryRef, path: string, options: OpenOptions): OpenedFile {
  const walk = new Walk(space, from, path);
  try {
    walk.toLast();
    for (;;) {
      const opened = tryOpen(walk, options);
      if (opened !== undefined) return opened;
      if (!options.follow && !walk.directory) fail(Errno.LOOP);
      walk.followLink();
    }
  } finally {
    walk.close();
  }
}

/** Opens what the walk ended at; undefined when that is a symbolic link. */
function tryOpen(walk: Walk, options: OpenOptions): OpenedFile | undefined {
  if (walk.name === '') return openDirectoryHere(walk, options);
  const command = walk.command();
  if (command !== undefined) return openCommand(walk, command, options);
  if (walk.top.base === '') {
    if (walk.virtualNode() !== undefined) return openVirtual(walk, options);
    refuseMissing(walk, options);
    walk.ensureHost();
    return tryOpen(walk, options);
  }
  if (walk.top.mount.readOnly && (options.create || options.write || options.truncate)) {
    return openReadOnly(walk, options);
  }
  return openHost(walk, options, flagsOf(walk, options));
}

/** Fails unless a file that does not exist is to be created (ABI §2.3, decision list). */
function refuseMissing(walk: Walk, options: OpenOptions): void {
  if (!options.create) fail(Errno.NOENT);
  if (options.directory) fail(Errno.NOTDIR);
  // `missing/.` is an entry of a directory that is not there.
  if (walk.endsWithDot) fail(Errno.NOENT);
  if (walk.directory) fail(Errno.ISDIR);
}

/** An open on a read-only mount that asks for more than reading: fails, or only reads what exists. */
function openReadOnly(walk: Walk, options: OpenOptions): OpenedFile | undefined {
  const status = statusHere(walk);
  if (status === undefined) {
    refuseMissing(walk, options);
    fail(Errno.ROFS);
  }
  if (options.create && options.exclusive) fail(Errno.EXIST);
  if (status.filetype === FileType.SYMBOLIC_LINK) return undefined;
  if (options.write || options.truncate)
    fail(status.filetype === FileType.DIRECTORY ? Errno.ISDIR : Errno.ROFS);
  const asFound = { ...options, create: false };
  return openHost(walk, asFound, flagsOf(walk, asFound));
}

/** Opens the directory that the walk stands in. */
function openDirectoryHere(walk: Walk, options: OpenOptions): OpenedFile {
  refuseDirectory(options);
  const { base, mount, path } = walk.top;
  const hostFd = base === '' ? -1 : openDirectory(walk, `${base}.`);
  return {
    kind: 'directory',
    hostFd,
    mount: mount.index,
    path,
    filetype: FileType.DIRECTORY,
    device: undefined,
  };
}

function openDirectory(walk: Walk, hostPath: string): number {
  try {
    return openSync(hostPath, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
  } catch (error) {
    // Windows opens no directories; there they are found by path.
    if (!walk.space.host.anchored && lstatSync(hostPath).isDirectory() && codeOf(error) !== 'EACCES')
      return -1;
    throw error;
  }
}

function refuseDirectory(options: OpenOptions): void {
  if (options.create && options.exclusive) fail(Errno.EXIST);
  if (options.write || options.truncate || (options.create && !options.directory)) fail(Errno.ISDIR);
}

/** Opens a mapped command. */
function openCommand(walk: Walk, command: number, options: OpenOptions): OpenedFile {
  if (options.create && options.exclusive) fail(Errno.EXIST);
  if (options.directory || walk.directory) fail(Errno.NOTDIR);
  if (options.write || options.truncate) fail(Errno.ROFS);
  return {
    kind: 'file',
    hostFd: reopenCommand(walk.space, command),
    mount: walk.space.table.commandMount!.index,
    path: walk.path,
    filetype: FileType.REGULAR_FILE,
    device: undefined,
  };
}

/** Opens a device, or a directory of a scratch mount that is not on the host yet. */
function openVirtual(walk: Walk, options: OpenOptions): OpenedFile {
  const { filetype, device } = walk.virtualNode()!;
  const found = { hostFd: -1, mount: walk.top.mount.index, path: walk.path, filetype, device };
  if (device === undefined) {
    refuseDirectory(options);
    return { kind: 'directory', ...found };
  }
  if (options.create && options.exclusive) fail(Errno.EXIST);
  if (options.directory || walk.directory) fail(Errno.NOTDIR);
  return { kind: 'device', ...found };
}

/**
 * The host's open flags. O_NONBLOCK because a thread in a blocking open(2) could not be ended; O_NOCTTY so that no
 * terminal in a mount becomes that of this process.
 */
function flagsOf(walk: Walk, options: OpenOptions): number {
  const c = constants;
  let flags = options.write ? (options.read ? c.O_RDWR : c.O_WRONLY) : c.O_RDONLY;
  flags |= (c.O_NOFOLLOW ?? 0) | (c.O_NONBLOCK ?? 0) | (c.O_NOCTTY ?? 0);
  if (options.directory || walk.directory) flags |= c.O_DIRECTORY ?? 0;
  else if (options.create) flags |= c.O_CREAT | (options.exclusive ? c.O_EXCL : 0);
  if (options.truncate) flags |= c.O_TRUNC;
  if (options.append) flags |= c.O_APPEND;
  if (options.sync) flags |= c.O_SYNC ?? 0;
  if (options.dsync) flags |= c.O_DSYNC ?? 0;
  return flags;
}

function openHost(walk: Walk, options: OpenOptions, flags: number): OpenedFile | undefined {
  const directory = options.directory || walk.directory;
  if (options.create && options.exclusive && directory && statusHere(walk) !== undefined) fail(Errno.EXIST);
  if (constants.O_NOFOLLOW === undefined && !(options.create && options.exclusive) && walk.atLink())
    return undefined;
  let fd: number;
  try {
    fd = openSync(walk.hostPath, flags, 0o666);
  } catch (error) {
    const code = codeOf(error);
    // What O_NOFOLLOW answers for a link, without and with O_DIRECTORY.
    if (code === 'ELOOP' || code === 'EMLINK' || (code === 'ENOTDIR' && walk.atLink())) return undefined;
    if (code === 'ENOENT') refuseMissing(walk, options);
    if (code === 'ENXIO') refuseSpecial(statusHere(walk)?.filetype);
    if (!walk.space.host.anchored && statusHere(walk)?.filetype === FileType.DIRECTORY)
      return unopened(walk, options);
    throw error;
  }
  return classify(walk, fd);
}

/** A directory on a system that opens none. */
function unopened(walk: Walk, options: OpenOptions): OpenedFile {
  refuseDirectory(options);
  const mount = walk.top.mount.index;
  return {
    kind: 'directory',
    hostFd: -1,
    mount,
    path: walk.path,
    filetype: FileType.DIRECTORY,
    device: undefined,
  };
}

const kinds: Readonly<Partial<Record<FileType, OpenedFile['kind']>>> = {
  [FileType.REGULAR_FILE]: 'file',
  [FileType.BLOCK_DEVICE]: 'file',
  [FileType.DIRECTORY]: 'directory',
  [FileType.CHARACTER_DEVICE]: 'character',
};

function classify(walk: Walk, hostFd: number): OpenedFile {
  try {
    const filetype = filetypeOfMode(fstatSync(hostFd).mode);
    refuseSpecial(filetype);
    const kind = kinds[filetype]!;
    return { kind, hostFd, mount: walk.top.mount.index, path: walk.path, filetype, device: undefined };
  } catch (error) {
    closeSync(hostFd);
    throw error;
  }
}

/**
 * FIFOs and sockets of the host are refused: a FIFO's open, reads and writes wait for another program, which only
 * the host thread's event loop could do for the guest, and it cannot take over a descriptor opened here.
 */
function refuseSpecial(filetype: FileType | undefined): void {
  if (filetype === FileType.UNKNOWN || filetype === FileType.SOCKET_STREAM) fail(Errno.NOTSUP);
}
