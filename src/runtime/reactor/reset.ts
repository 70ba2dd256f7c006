import type { Socket } from 'node:net';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { isUnix } from '../../kernel/sockets/unix-address.js';

/**
 * Ends a connection of the socket `record`, or one that it was to accept, without a goodbye. Only TCP has that as a
 * message of its own; a Unix-domain socket is closed with what it has not read, which its peer sees as a reset too.
 */
export function reset(kernel: KernelMemory, record: number, socket: Socket): void {
  if (isUnix(kernel, record)) socket.destroy();
  else socket.resetAndDestroy();
}
