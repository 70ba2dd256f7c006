/** `filestat` in guest memory and the times of the set-times calls (ABI §3.6, §2.2). */
import { Errno } from '../abi/errno.js';
import { FstFlags } from '../abi/flags.js';
import { filestat, filestatSnapshot0 } from '../abi/structs.js';
import { fail } from '../kernel/failure.js';
import type { FileStatus } from '../kernel/files/file-status.js';
import type { GuestMemory } from '../kernel/memory/guest-memory.js';

/** Writes a status into guest memory at `pointer`. */
export type WriteStatus = (memory: GuestMemory, pointer: number, status: FileStatus) => void;

export const writeFilestat: WriteStatus = (memory, pointer, status) => {
  const at = memory.clear(pointer, filestat.size);
  writeCommon(memory, at, filestat.at, status);
  memory.setU64(at + filestat.at.nlink, status.nlink);
};

export const writeFilestatSnapshot0: WriteStatus = (memory, pointer, status) => {
  const at = memory.clear(pointer, filestatSnapshot0.size);
  writeCommon(memory, at, filestatSnapshot0.at, status);
  memory.setU32(at + filestatSnapshot0.at.nlink, Number(BigInt.asUintN(32, status.nlink)));
};

function writeCommon(memory: GuestMemory, at: number, field: typeof filestat.at, status: FileStatus): void {
  memory.setU64(at + field.dev, status.dev);
  memory.setU64(at + field.ino, status.ino);
  memory.setU8(at + field.filetype, status.filetype);
  memory.setU64(at + field.size, status.size);
  memory.setU64(at + field.atim, status.atim);
  memory.setU64(at + field.mtim, status.mtim);
  memory.setU64(at + field.ctim, status.ctim);
}

/** The times a set-times call asks for, nanoseconds since the epoch; undefined ones stay. INVAL for both forms at once. */
export function timesToSet(
  atim: bigint,
  mtim: bigint,
  flags: number,
): { atim: bigint | undefined; mtim: bigint | undefined } {
  const known = FstFlags.ATIM | FstFlags.ATIM_NOW | FstFlags.MTIM | FstFlags.MTIM_NOW;
  if ((flags & ~known) !== 0) fail(Errno.INVAL);
  return {
    atim: timeToSet(atim, flags, FstFlags.ATIM, FstFlags.ATIM_NOW),
    mtim: timeToSet(mtim, flags, FstFlags.MTIM, FstFlags.MTIM_NOW),
  };
}

function timeToSet(time: bigint, flags: number, given: number, now: number): bigint | undefined {
  if ((flags & given) !== 0 && (flags & now) !== 0) return fail(Errno.INVAL);
  if ((flags & given) !== 0) return BigInt.asUintN(64, time);
  return (flags & now) !== 0 ? BigInt(Date.now()) * 1_000_000n : undefined;
}
