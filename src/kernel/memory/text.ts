/** Text in kernel memory: a block whose first word is the length in bytes, the UTF-8 bytes behind it. */
import type { KernelMemory } from './kernel-memory.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function blockWords(length: number): number {
  return 1 + Math.ceil(length / 4);
}

/** Stores `text` in a new block and answers its address. */
export function storeText(kernel: KernelMemory, text: string, owner: number): number {
  const encoded = encoder.encode(text);
  const address = kernel.allocate(blockWords(encoded.length), owner);
  kernel.reach(address, blockWords(encoded.length));
  kernel.words[address] = encoded.length;
  kernel.bytes.set(encoded, address * 4 + 4);
  return address;
}

export function loadText(kernel: KernelMemory, address: number): string {
  kernel.reach(address, 1);
  const length = kernel.words[address]!;
  kernel.reach(address, blockWords(length));
  const start = address * 4 + 4;
  return decoder.decode(kernel.bytes.slice(start, start + length));
}

export function freeText(kernel: KernelMemory, address: number, owner: number): void {
  kernel.reach(address, 1);
  kernel.free(address, blockWords(kernel.words[address]!), owner);
}
