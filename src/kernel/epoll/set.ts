import { FileType } from '../../abi/filetype.js';
import { Access, createOpenFile, FileKind } from '../descriptors/open-file.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { SET } from './words.js';

/** Makes an epoll set that watches nothing and answers its description, with one reference. */
export function openSet(kernel: KernelMemory, owner: number): number {
  const set = kernel.allocate(SET.WORDS, owner);
  const file = createOpenFile(
    kernel,
    { kind: FileKind.EPOLL, type: FileType.UNKNOWN, access: Access.READ, set },
    owner,
  );
  kernel.reach(set, SET.WORDS);
  kernel.words[set + SET.FILE] = file;
  return file;
}
