/**
 * Addresses of Unix-domain sockets in kernel memory: paths of the guest, as it gave them, or none. The words are those of
 * address.ts; the text is the record's that they are in.
 */
import { AddressFamily } from '../../abi/socket.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { freeText, loadText } from '../memory/text.js';
import { ADDRESS } from './address.js';
import { SOCKET } from './socket.js';

/** Whether the socket is a Unix-domain socket. */
export function isUnix({ words }: KernelMemory, socket: number): boolean {
  return words[socket + SOCKET.FAMILY] === AddressFamily.UNIX;
}

/** The path; empty for a socket that has none. */
export function pathOf(kernel: KernelMemory, at: number): string {
  const text = Atomics.load(kernel.words, at + ADDRESS.TEXT);
  return isPath(kernel, at) && text !== 0 ? loadText(kernel, text) : '';
}

/** Gives the socket whose address this is the path in the block `text`, once. */
export function setPath({ words }: KernelMemory, at: number, text: number): void {
  Atomics.store(words, at + ADDRESS.TEXT, text);
}

/** Frees the text of an address that is not needed any longer, of whatever family. */
export function freePath(kernel: KernelMemory, at: number, owner: number): void {
  const text = kernel.words[at + ADDRESS.TEXT]!;
  if (isPath(kernel, at) && text !== 0) freeText(kernel, text, owner);
}

function isPath({ words }: KernelMemory, at: number): boolean {
  return words[at + ADDRESS.FAMILY] === AddressFamily.UNIX;
}
