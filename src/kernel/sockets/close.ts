/** The end of a socket, as descriptors and the reactor see it. */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { freeRing } from '../pipes/pipe.js';
import { wakeAll } from '../threads/wait-queue.js';
import { takeWaiting, WAITING } from './accept-list.js';
import { freeDatagrams } from './datagram-buffers.js';
import { postLast } from './reactor-list.js';
import { SOCKET, socketOf } from './socket.js';
import { freePath } from './unix-address.js';

/** No descriptor names the socket of `file` any longer: the calls that wait on it are woken and leave. */
export function orphanSocket(kernel: KernelMemory, file: number, owner: number): void {
  const socket = socketOf(kernel, file);
  Atomics.store(kernel.words, socket + SOCKET.ORPHANED, 1);
  wakeAll(kernel, socket + SOCKET.QUEUE, owner);
}

/** Nobody holds the socket of `file` any longer. If the reactor knows of it, the reactor ends and frees it. */
export function closeSocket(kernel: KernelMemory, file: number, owner: number): void {
  const socket = socketOf(kernel, file);
  if (kernel.words[socket + SOCKET.KNOWN] === 0) return freeSocket(kernel, socket, owner);
  postLast(kernel, socket, owner);
}

/** Frees the record of a socket, its rings and the list of connections that wait at it. */
export function freeSocket(kernel: KernelMemory, socket: number, owner: number): void {
  for (;;) {
    const waiting = takeWaiting(kernel, socket, owner);
    if (waiting === 0) break;
    kernel.free(waiting, WAITING.WORDS, owner);
  }
  if (kernel.words[socket + SOCKET.ALLOWED] !== 0) freeDatagrams(kernel, socket, owner);
  freePath(kernel, socket + SOCKET.LOCAL, owner);
  freePath(kernel, socket + SOCKET.PEER, owner);
  freeRing(kernel, socket + SOCKET.IN, owner);
  freeRing(kernel, socket + SOCKET.OUT, owner);
  kernel.free(socket, SOCKET.WORDS, owner);
}
