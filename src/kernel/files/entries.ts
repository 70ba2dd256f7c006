/** Making and removing directory entries (ABI §2.3), all but files, which `open` makes. */
import { linkSync, mkdirSync, readlinkSync, renameSync, rmdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { Errno } from '../../abi/errno.js';
import { FileType } from '../../abi/filetype.js';
import { fail } from '../failure.js';
import type { DirectoryRef } from './config.js';
import { codeOf } from './host-error.js';
import type { NameSpace } from './name-space.js';
import { refuseCommand, requireWritable, statusAt, statusHere } from './status.js';
import { type Ending, Walk } from './walk.js';

export function makeDirectoryAt(space: NameSpace, from: DirectoryRef, path: string): void {
  const walk = new Walk(space, from, path);
  try {
    walk.toLast();
    prepareNew(walk);
    if (walk.endsWithDot) fail(statusHere(walk) === undefined ? Errno.NOENT : Errno.EXIST);
    mkdirSync(walk.hostPath, 0o777);
  } finally {
    walk.close();
  }
}

/**
 * Makes a symbolic link. Its target is not looked at, only when the link is followed. In view `preopens` an
 * absolute target is refused as NOTCAPABLE, since nothing absolute can ever be reached there.
 */
export function makeSymlinkAt(space: NameSpace, target: string, from: DirectoryRef, path: string): void {
  if (target === '') fail(Errno.NOENT);
  if (target.includes('\0')) fail(Errno.INVAL);
  if (target.startsWith('/') && space.config.view === 'preopens') fail(Errno.NOTCAPABLE);
  const walk = new Walk(space, from, path);
  try {
    walk.toLast();
    prepareNew(walk);
    refuseTrailingSlash(walk);
    symlinkSync(target, walk.hostPath);
  } finally {
    walk.close();
  }
}

/** Gives a file a further name. Links are linked themselves, not what they point to. */
export function makeLinkAt(
  space: NameSpace,
  oldFrom: DirectoryRef,
  oldPath: string,
  newFrom: DirectoryRef,
  newPath: string,
): void {
  const source = new Walk(space, oldFrom, oldPath);
  const target = new Walk(space, newFrom, newPath);
  try {
    source.toLast();
    if (source.name === '') fail(Errno.PERM);
    if (source.directory) statusAt(space, oldFrom, oldPath, false);
    if (source.directory) fail(Errno.PERM);
    target.toLast();
    if (target.name === '') fail(Errno.EXIST);
    if (source.command() !== undefined) fail(Errno.XDEV);
    if (source.top.base === '' && source.virtualNode() === undefined) fail(Errno.NOENT);
    if (source.top.mount !== target.top.mount) fail(Errno.XDEV);
    prepareNew(target);
    refuseTrailingSlash(target);
    if (source.top.base === '') fail(Errno.PERM);
    linkSync(source.hostPath, target.hostPath);
  } finally {
    source.close();
    target.close();
  }
}

export function renameAt(
  space: NameSpace,
  oldFrom: DirectoryRef,
  oldPath: string,
  newFrom: DirectoryRef,
  newPath: string,
): void {
  const source = new Walk(space, oldFrom, oldPath);
  const target = new Walk(space, newFrom, newPath);
  try {
    source.toLast();
    target.toLast();
    if (source.name === '' || target.name === '' || source.endsWithDot || target.endsWithDot)
      fail(Errno.BUSY);
    if (source.top.mount !== target.top.mount) fail(Errno.XDEV);
    prepareRemoval(source);
    refuseCommand(target);
    target.ensureHost();
    requireWritable(target.top.mount);
    if (source.directory || target.directory) requireDirectory(source);
    renameSync(source.hostPath, target.hostPath);
  } finally {
    source.close();
    target.close();
  }
}

export function unlinkAt(space: NameSpace, from: DirectoryRef, path: string): void {
  const walk = new Walk(space, from, path);
  try {
    walk.toLast();
    if (walk.name === '') fail(Errno.ISDIR);
    if (walk.virtualNode()?.filetype === FileType.DIRECTORY && walk.top.base === '') fail(Errno.ISDIR);
    prepareRemoval(walk);
    if (walk.directory) {
      requireDirectory(walk);
      fail(Errno.ISDIR);
    }
    unlinkFile(walk);
  } finally {
    walk.close();
  }
}

function unlinkFile(walk: Walk): void {
  try {
    unlinkSync(walk.hostPath);
  } catch (error) {
    // What POSIX allows, and macOS answers, for a directory.
    if (codeOf(error) === 'EPERM' && statusHere(walk)?.filetype === FileType.DIRECTORY) fail(Errno.ISDIR);
    throw error;
  }
}

/** What removing a directory that the walk stands in is refused with, as Linux does. */
const refusals: Readonly<Record<Ending, Errno>> = {
  dot: Errno.INVAL,
  dotdot: Errno.NOTEMPTY,
  mount: Errno.BUSY,
};

export function removeDirectoryAt(space: NameSpace, from: DirectoryRef, path: string): void {
  const walk = new Walk(space, from, path);
  try {
    walk.toLast();
    if (walk.name === '') fail(refusals[walk.ending]);
    if (walk.endsWithDot) fail(Errno.INVAL);
    prepareRemoval(walk);
    rmdirSync(walk.hostPath);
  } finally {
    walk.close();
  }
}

/** The target of a symbolic link as it is written there. INVAL for what is no link. */
export function readLinkAt(space: NameSpace, from: DirectoryRef, path: string): Uint8Array {
  const walk = new Walk(space, from, path);
  try {
    walk.toLast();
    if (walk.directory) statusAt(space, from, path, true);
    if (walk.name === '' || walk.directory || walk.command() !== undefined) fail(Errno.INVAL);
    if (walk.top.base === '') fail(walk.virtualNode() === undefined ? Errno.NOENT : Errno.INVAL);
    return readlinkSync(walk.hostPath, 'buffer');
  } finally {
    walk.close();
  }
}

/**
 * Makes sure that a new entry can be made where the walk ended. What is there already is reported before that the
 * mount is read-only, as Linux does: `mkdir -p` over a read-only mount counts on it.
 */
export function prepareNew(walk: Walk): void {
  if (walk.name === '' || walk.command() !== undefined) fail(Errno.EXIST);
  if (walk.top.base === '') {
    if (walk.virtualNode() !== undefined) fail(Errno.EXIST);
    walk.ensureHost();
  }
  if (walk.top.mount.readOnly) fail(statusHere(walk) === undefined ? Errno.ROFS : Errno.EXIST);
}

/** Makes sure that the entry where the walk ended may be removed. */
function prepareRemoval(walk: Walk): void {
  refuseCommand(walk);
  if (walk.top.base === '') {
    if (walk.virtualNode() === undefined) fail(Errno.NOENT);
    walk.ensureHost();
  }
  requireWritable(walk.top.mount);
}

/** A name with a trailing slash can only be a directory's. */
function refuseTrailingSlash(walk: Walk): void {
  if (walk.directory) fail(statusHere(walk) === undefined ? Errno.NOENT : Errno.EXIST);
}

function requireDirectory(walk: Walk): void {
  const status = statusHere(walk);
  if (status === undefined) fail(Errno.NOENT);
  if (status.filetype !== FileType.DIRECTORY) fail(Errno.NOTDIR);
}
