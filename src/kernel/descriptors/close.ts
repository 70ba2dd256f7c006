import { closeSync } from 'node:fs';
import { closeSet, detachFile } from '../epoll/detach.js';
import { codeOf } from '../files/host-error.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { freeText } from '../memory/text.js';
import { freeEventCounter } from '../objects/event-counter.js';
import { closePairEnd, closePipeEnd } from '../pipes/ends.js';
import { closeSocket } from '../sockets/close.js';
import { freeListing } from './listing.js';
import { Access, FILE, FileKind, freeOpenFile } from './open-file.js';

/** Closes a description that nobody holds any longer and frees its block. */
export function closeOpenFile(kernel: KernelMemory, file: number, owner: number): void {
  // First of all: until its watches are gone, a thread that goes through a set may be asking the description.
  detachFile(kernel, file, owner);
  const { words } = kernel;
  const hostFd = words[file + FILE.HOST_FD]!;
  if (hostFd >= 0 && (words[file + FILE.ACCESS]! & Access.OWNS_FD) !== 0) closeHostFd(hostFd);
  const oldFd = words[file + FILE.OLD_FD]!;
  if (oldFd > 0) closeHostFd(oldFd - 1);
  const path = words[file + FILE.PATH]!;
  if (path !== 0) freeText(kernel, path, owner);
  freeListing(kernel, file, owner);
  closeObject(kernel, file, owner);
  freeOpenFile(kernel, file, owner);
}

/** An error of writing back what a file system kept is nobody's (ABI §2.2): the descriptor is gone all the same. */
function closeHostFd(hostFd: number): void {
  try {
    closeSync(hostFd);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
}

/** Lets go of the object in kernel memory that the description refers to. */
function closeObject(kernel: KernelMemory, file: number, owner: number): void {
  switch (kernel.words[file + FILE.KIND]) {
    case FileKind.PIPE:
      return closePipeEnd(kernel, file, owner);
    case FileKind.PAIR:
      return closePairEnd(kernel, file, owner);
    case FileKind.SOCKET:
      return closeSocket(kernel, file, owner);
    case FileKind.EVENT:
      return freeEventCounter(kernel, file, owner);
    case FileKind.EPOLL:
      return closeSet(kernel, kernel.words[file + FILE.SET]!, owner);
  }
}
