/**
 * The listing of a directory that is being read. It is taken once, when reading starts at cookie 0, and kept
 * with the description, so that cookies stay valid whatever happens to the directory meanwhile and whichever
 * thread reads on. Kept as packed dirents (ABI §3.6), each with its cookie in place.
 */
import type { FileType } from '../../abi/filetype.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { FILE } from './open-file.js';

const DIRENT_BYTES = 24;

export interface DirectoryEntry {
  readonly name: Uint8Array;
  readonly ino: bigint;
  readonly filetype: FileType;
}

/** Packs entries as the guest will read them; the cookie of each is the index of the next. */
export function packListing(entries: readonly DirectoryEntry[]): Uint8Array {
  const total = entries.reduce((sum, entry) => sum + DIRENT_BYTES + entry.name.length, 0);
  const packed = new Uint8Array(total);
  const view = new DataView(packed.buffer);
  let at = 0;
  entries.forEach((entry, index) => {
    view.setBigUint64(at, BigInt(index + 1), true);
    view.setBigUint64(at + 8, entry.ino, true);
    view.setUint32(at + 16, entry.name.length, true);
    view.setUint8(at + 20, entry.filetype);
    packed.set(entry.name, at + DIRENT_BYTES);
    at += DIRENT_BYTES + entry.name.length;
  });
  return packed;
}

/** Replaces the listing kept with `file`. The caller holds the description's LOCK. */
export function storeListing(kernel: KernelMemory, file: number, packed: Uint8Array, owner: number): void {
  freeListing(kernel, file, owner);
  const count = Math.max(1, Math.ceil(packed.length / 4));
  const block = kernel.allocate(count, owner);
  kernel.reach(block, count);
  kernel.bytes.set(packed, block * 4);
  kernel.words[file + FILE.LISTING] = block;
  kernel.words[file + FILE.LISTING_BYTES] = packed.length;
}

export function freeListing(kernel: KernelMemory, file: number, owner: number): void {
  const { words } = kernel;
  const block = words[file + FILE.LISTING]!;
  if (block === 0) return;
  kernel.free(block, Math.max(1, Math.ceil(words[file + FILE.LISTING_BYTES]! / 4)), owner);
  words[file + FILE.LISTING] = 0;
}

/** The packed entries from number `cookie` on; empty past the end. The caller holds LOCK. */
export function listingFrom(kernel: KernelMemory, file: number, cookie: number): Uint8Array {
  const { words } = kernel;
  const block = words[file + FILE.LISTING]!;
  const length = words[file + FILE.LISTING_BYTES]!;
  kernel.reach(block, Math.ceil(length / 4));
  const packed = kernel.bytes.subarray(block * 4, block * 4 + length);
  let at = 0;
  for (let index = 0; index < cookie && at < length; index++) {
    at += DIRENT_BYTES + nameLength(packed, at);
  }
  return packed.subarray(Math.min(at, length));
}

function nameLength(packed: Uint8Array, at: number): number {
  return packed[at + 16]! | (packed[at + 17]! << 8) | (packed[at + 18]! << 16) | (packed[at + 19]! << 24);
}
