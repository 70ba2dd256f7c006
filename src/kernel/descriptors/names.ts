/** How many descriptors name a description: fewer than hold it, since calls under way hold it too. */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { orphanSocket } from '../sockets/close.js';
import { FILE, FileKind } from './open-file.js';

/**
 * A descriptor that named `file` is gone; the caller releases the reference afterwards. A call that waits on a socket
 * does not keep it when its last descriptor is closed: it ends with BADF (ABI §6.2).
 */
export function unname(kernel: KernelMemory, file: number, owner: number): void {
  kernel.reach(file, FILE.WORDS);
  if (Atomics.sub(kernel.words, file + FILE.NAMES, 1) !== 1) return;
  if (kernel.words[file + FILE.KIND] === FileKind.SOCKET) orphanSocket(kernel, file, owner);
}
