import { closeSync } from 'node:fs';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { freeText } from '../memory/text.js';
import { freeListing } from './listing.js';
import { Access, FILE } from './open-file.js';

/** Closes a description that nobody holds any longer and frees its block. */
export function closeOpenFile(kernel: KernelMemory, file: number, owner: number): void {
  const { words } = kernel;
  const hostFd = words[file + FILE.HOST_FD]!;
  if (hostFd >= 0 && (words[file + FILE.ACCESS]! & Access.OWNS_FD) !== 0) closeSync(hostFd);
  const oldFd = words[file + FILE.OLD_FD]!;
  if (oldFd > 0) closeSync(oldFd - 1);
  const path = words[file + FILE.PATH]!;
  if (path !== 0) freeText(kernel, path, owner);
  freeListing(kernel, file, owner);
  kernel.free(file, FILE.WORDS, owner);
}
