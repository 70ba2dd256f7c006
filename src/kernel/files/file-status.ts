/** What the guest is told about a file: `filestat` of ABI §3.6. */
import { type BigIntStats, fstatSync } from 'node:fs';
import { FileType } from '../../abi/filetype.js';

export interface FileStatus {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly filetype: FileType;
  readonly nlink: bigint;
  /** Bytes. */
  readonly size: bigint;
  /** Nanoseconds since the epoch, as are the other two. */
  readonly atim: bigint;
  readonly mtim: bigint;
  readonly ctim: bigint;
}

const FORMAT = 0o170000;

/** The filetype of a host mode word. A FIFO has none in the ABI (§3.3). */
export function filetypeOfMode(mode: number): FileType {
  switch (mode & FORMAT) {
    case 0o100000:
      return FileType.REGULAR_FILE;
    case 0o040000:
      return FileType.DIRECTORY;
    case 0o120000:
      return FileType.SYMBOLIC_LINK;
    case 0o020000:
      return FileType.CHARACTER_DEVICE;
    case 0o060000:
      return FileType.BLOCK_DEVICE;
    case 0o140000:
      return FileType.SOCKET_STREAM;
    default:
      return FileType.UNKNOWN;
  }
}

export function statusOfStats(stats: BigIntStats): FileStatus {
  return {
    dev: stats.dev,
    ino: stats.ino,
    filetype: filetypeOfMode(Number(stats.mode)),
    nlink: stats.nlink,
    size: stats.size,
    atim: stats.atimeNs,
    mtim: stats.mtimeNs,
    ctim: stats.ctimeNs,
  };
}

/** The status of an open host file. */
export function statusOfHostFd(hostFd: number): FileStatus {
  return statusOfStats(fstatSync(hostFd, { bigint: true }));
}

/** Device number of everything that exists only for the guest; no host file system has it. */
const VIRTUAL_DEV = 0x7761_7369_7800_0000n;

/** The status of a directory or device that has no host file; `ino` tells them apart. */
export function virtualStatus(filetype: FileType, ino: number): FileStatus {
  const nlink = filetype === FileType.DIRECTORY ? 2n : 1n;
  return { dev: VIRTUAL_DEV, ino: BigInt(ino), filetype, nlink, size: 0n, atim: 0n, mtim: 0n, ctim: 0n };
}
