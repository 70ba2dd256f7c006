/** The open-file descriptions at the ends of pipes and socket pairs. */
import { FileType } from '../../abi/filetype.js';
import { Access, createOpenFile, FILE, FileKind } from '../descriptors/open-file.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { closeReader, closeWriter, createPair, createPipe, dropEnd, PIPE } from './pipe.js';

/** Makes a pipe and answers the descriptions of its ends, one reference each. KernelMemoryFull when there is no memory. */
export function openPipe(kernel: KernelMemory, owner: number): { readEnd: number; writeEnd: number } {
  const stream = createPipe(kernel, owner);
  const common = { kind: FileKind.PIPE, type: FileType.UNKNOWN, stream };
  return {
    readEnd: createOpenFile(kernel, { ...common, access: Access.READ }, owner),
    writeEnd: createOpenFile(kernel, { ...common, access: Access.WRITE }, owner),
  };
}

/** Makes a socket pair and answers the descriptions of its ends. KernelMemoryFull when there is no memory. */
export function openPair(kernel: KernelMemory, owner: number): readonly [number, number] {
  const [first, second] = createPair(kernel, owner);
  const common = { kind: FileKind.PAIR, type: FileType.UNKNOWN, access: Access.READ | Access.WRITE };
  return [
    createOpenFile(kernel, { ...common, stream: first, device: second }, owner),
    createOpenFile(kernel, { ...common, stream: second, device: first }, owner),
  ];
}

/** The record that the description of a pipe's end, or of a pair's, reads from. */
export function incomingOf(kernel: KernelMemory, file: number): number {
  return reached(kernel, kernel.words[file + FILE.STREAM]!);
}

/** The record that the description writes to. */
export function outgoingOf(kernel: KernelMemory, file: number): number {
  const word = kernel.words[file + FILE.KIND] === FileKind.PAIR ? FILE.DEVICE : FILE.STREAM;
  return reached(kernel, kernel.words[file + word]!);
}

function reached(kernel: KernelMemory, pipe: number): number {
  kernel.reach(pipe, PIPE.WORDS);
  return pipe;
}

/** Drops the end of a pipe whose description is closed. */
export function closePipeEnd(kernel: KernelMemory, file: number, owner: number): void {
  const pipe = incomingOf(kernel, file);
  if ((kernel.words[file + FILE.ACCESS]! & Access.WRITE) !== 0) closeWriter(kernel, pipe, owner);
  else closeReader(kernel, pipe, owner);
  dropEnd(kernel, pipe, 1, owner);
}

/** Drops the end of a socket pair whose description is closed. */
export function closePairEnd(kernel: KernelMemory, file: number, owner: number): void {
  const incoming = incomingOf(kernel, file);
  const outgoing = outgoingOf(kernel, file);
  closeReader(kernel, incoming, owner);
  closeWriter(kernel, outgoing, owner);
  dropEnd(kernel, Math.min(incoming, outgoing), 2, owner);
}
