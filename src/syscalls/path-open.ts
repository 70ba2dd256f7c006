/** Opening files by path: `path_open` and, with CLOEXEC, `path_open2` (ABI §2.3). */
import { closeSync } from 'node:fs';
import { Errno } from '../abi/errno.js';
import { FileType } from '../abi/filetype.js';
import { FdFlags, FdFlagsExt, OFlags } from '../abi/flags.js';
import { RightBit } from '../abi/rights.js';
import { Access, createOpenFile, FILE, FileKind } from '../kernel/descriptors/open-file.js';
import {
  acquire,
  entryOf,
  install,
  type RightsPair,
  requireFreeNumber,
  requireRight,
  rightsOf,
} from '../kernel/descriptors/table.js';
import { Failure, fail } from '../kernel/failure.js';
import type { DirectoryRef } from '../kernel/files/config.js';
import type { OpenedFile, OpenOptions } from '../kernel/files/open.js';
import { storeText } from '../kernel/memory/text.js';
import { Device } from '../kernel/objects/device.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';
import { follows, withDirectory } from './path.js';

const READING = (1 << RightBit.FD_READ) | (1 << RightBit.FD_READDIR);
const WRITING = (1 << RightBit.FD_WRITE) | (1 << RightBit.FD_ALLOCATE) | (1 << RightBit.FD_FILESTAT_SET_SIZE);
/** `isatty` of libc is a character device that can neither seek nor tell (ABI §2.11). */
const POSITION = (1 << RightBit.FD_SEEK) | (1 << RightBit.FD_TELL);
/** What a directory has none of: a position and a size to set. */
const NOT_OF_DIRECTORIES = POSITION | (1 << RightBit.FD_FILESTAT_SET_SIZE);

/** The devices that no standard stream stands behind. */
const DEVICES = { null: Device.NULL, zero: Device.ZERO, urandom: Device.RANDOM, full: Device.FULL } as const;

/** What to open and how, as the guest's flag words say it. */
export interface OpenRequest {
  readonly lookup: number;
  readonly path: string;
  readonly oflags: number;
  readonly fdflags: number;
}

/** A description with one reference, and the rights that a descriptor of it has. */
export interface OpenedDescription {
  readonly file: number;
  readonly rights: RightsPair;
}

/** What is asked for, cut down to what the directory lets its files have. */
function grantedRights(thread: GuestThread, fd: number, asked: RightsPair): RightsPair {
  const granted = rightsOf(thread.kernel, entryOf(thread.kernel, thread.process, fd));
  return {
    baseLow: asked.baseLow & granted.inheritingLow,
    baseHigh: asked.baseHigh & granted.inheritingHigh,
    inheritingLow: asked.inheritingLow & granted.inheritingLow,
    inheritingHigh: asked.inheritingHigh & granted.inheritingHigh,
  };
}

function optionsOf(request: OpenRequest, rights: RightsPair): OpenOptions {
  const { oflags, fdflags } = request;
  const write = (rights.baseLow & WRITING) !== 0;
  return {
    follow: follows(request.lookup),
    create: (oflags & OFlags.CREAT) !== 0,
    exclusive: (oflags & OFlags.EXCL) !== 0,
    truncate: (oflags & OFlags.TRUNC) !== 0,
    directory: (oflags & OFlags.DIRECTORY) !== 0,
    read: (rights.baseLow & READING) !== 0 || !write,
    write,
    append: (fdflags & FdFlags.APPEND) !== 0,
    sync: (fdflags & (FdFlags.SYNC | FdFlags.RSYNC)) !== 0,
    dsync: (fdflags & FdFlags.DSYNC) !== 0,
  };
}

function kindOf(opened: OpenedFile): FileKind {
  if (opened.kind === 'directory') return FileKind.DIRECTORY;
  if (opened.kind === 'device') return FileKind.DEVICE;
  return opened.kind === 'character' ? FileKind.SEQUENTIAL : FileKind.REGULAR;
}

/** Makes the description of what was opened; it owns the host descriptor from here on. */
function describe(thread: GuestThread, opened: OpenedFile, options: OpenOptions, flags: number): number {
  const { kernel, owner } = thread;
  const access =
    (options.read ? Access.READ : 0) |
    (options.write ? Access.WRITE : 0) |
    (options.append ? Access.APPENDS : 0) |
    Access.OWNS_FD;
  const kind = kindOf(opened);
  const init = {
    kind,
    type: opened.filetype,
    access,
    flags,
    hostFd: opened.hostFd,
    mount: opened.mount,
    path: kind === FileKind.DIRECTORY || opened.hostFd < 0 ? storeText(kernel, opened.path, owner) : 0,
  };
  const device = opened.device as keyof typeof DEVICES | undefined;
  return createOpenFile(kernel, device ? { ...init, device: DEVICES[device] } : init, owner);
}

/** `/dev/stdin` and the like are the standard streams that the process has now; `tty` is one on a terminal. */
function standardStream(thread: GuestThread, device: string, options: OpenOptions): number {
  const { terminal } = thread.view;
  const onTerminal = options.write ? (terminal.stdout ? 1 : 2) : 0;
  const fd = { stdin: 0, stdout: 1, stderr: 2, tty: onTerminal }[device] ?? 0;
  const isTerminal = [terminal.stdin, terminal.stdout, terminal.stderr][fd];
  if (device === 'tty' && !isTerminal) fail(Errno.NXIO);
  try {
    return acquire(thread, fd, -1);
  } catch (error) {
    if (error instanceof Failure) return fail(Errno.NXIO);
    throw error;
  }
}

function open(
  thread: GuestThread,
  fd: number,
  asked: RightsPair,
  request: OpenRequest,
  extended: number,
): number {
  return withDirectory(thread, fd, RightBit.PATH_OPEN, (directory) => {
    if ((request.oflags & OFlags.CREAT) !== 0) requireRight(thread, fd, RightBit.PATH_CREATE_FILE);
    if ((request.oflags & OFlags.TRUNC) !== 0) requireRight(thread, fd, RightBit.PATH_FILESTAT_SET_SIZE);
    // A file that was made or cut could not be put back.
    if ((request.oflags & (OFlags.CREAT | OFlags.TRUNC)) !== 0) requireFreeNumber(thread);
    const { file, rights } = openFile(thread, directory, grantedRights(thread, fd, asked), request);
    return install(thread, file, { rights, flags: extended & FdFlagsExt.CLOEXEC });
  });
}

/** Opens what `request` names beneath `directory`, with the rights `granted`. */
export function openFile(
  thread: GuestThread,
  directory: DirectoryRef,
  granted: RightsPair,
  request: OpenRequest,
): OpenedDescription {
  const options = optionsOf(request, granted);
  const opened = thread.view.files.open(directory, request.path, options);
  const file =
    opened.kind === 'device' && !(opened.device! in DEVICES)
      ? standardStream(thread, opened.device!, options)
      : describeOrClose(thread, opened, options, request.fdflags);
  return { file, rights: rightsFor(thread, file, granted) };
}

function describeOrClose(
  thread: GuestThread,
  opened: OpenedFile,
  options: OpenOptions,
  flags: number,
): number {
  try {
    return describe(thread, opened, options, flags);
  } catch (error) {
    if (opened.hostFd >= 0) closeSync(opened.hostFd);
    throw error;
  }
}

function rightsFor(thread: GuestThread, file: number, rights: RightsPair): RightsPair {
  if (thread.kernel.words[file + FILE.KIND] === FileKind.DIRECTORY) {
    return { ...rights, baseLow: rights.baseLow & ~NOT_OF_DIRECTORIES };
  }
  const isDevice = thread.kernel.words[file + FILE.TYPE] === FileType.CHARACTER_DEVICE;
  const isTerminal = thread.kernel.words[file + FILE.KIND] !== FileKind.DEVICE;
  return isDevice && isTerminal ? { ...rights, baseLow: rights.baseLow & ~POSITION } : rights;
}

function half(value: bigint, shift: bigint): number {
  return Number(BigInt.asIntN(32, value >> shift));
}

/** The two rights words of a call as halves. */
export function rightsPair(base: bigint, inheriting: bigint): RightsPair {
  return {
    baseLow: half(base, 0n),
    baseHigh: half(base, 32n),
    inheritingLow: half(inheriting, 0n),
    inheritingHigh: half(inheriting, 32n),
  };
}

export const pathOpenHandlers: Handlers<'path_open' | 'path_open2'> = {
  path_open(thread, fd, lookup, path, length, oflags, base, inheriting, fdflags, result) {
    return pathOpenHandlers.path_open2(
      thread,
      fd,
      lookup,
      path,
      length,
      oflags,
      base,
      inheriting,
      fdflags,
      0,
      result,
    );
  },

  path_open2(thread, fd, lookup, path, length, oflags, base, inheriting, fdflags, extended, result) {
    thread.memory.span(result, 4);
    const name = thread.memory.string(path, length);
    const rights = rightsPair(base, inheriting);
    const request = { lookup, path: name, oflags, fdflags };
    thread.memory.setU32(result, open(thread, fd, rights, request, extended));
    return Errno.SUCCESS;
  },
};
