/** What a datagram socket has besides its record: two rings and the list of its allowed destinations. */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { DESTINATIONS_WORDS } from './datagram-destinations.js';
import {
  allocateDatagramRing,
  DATAGRAM_RING,
  freeDatagramRing,
  incomingDatagrams,
  outgoingDatagrams,
} from './datagram-ring.js';
import { SOCKET } from './socket.js';

/** Gives the socket its rings. KernelMemoryFull when there is no memory: what there is then is freed with the socket. */
export function makeDatagrams(kernel: KernelMemory, socket: number, owner: number): void {
  // First, because by this the socket is known to have what `freeDatagrams` frees.
  kernel.words[socket + SOCKET.ALLOWED] = kernel.allocate(DESTINATIONS_WORDS, owner);
  for (const ring of [incomingDatagrams(socket), outgoingDatagrams(socket)]) {
    const block = allocateDatagramRing(kernel, owner);
    kernel.words[ring + DATAGRAM_RING.DATA] = block;
  }
}

/** Frees what `makeDatagrams` has made. */
export function freeDatagrams(kernel: KernelMemory, socket: number, owner: number): void {
  for (const ring of [incomingDatagrams(socket), outgoingDatagrams(socket)]) {
    const block = kernel.words[ring + DATAGRAM_RING.DATA]!;
    if (block !== 0) freeDatagramRing(kernel, block, owner);
    kernel.words[ring + DATAGRAM_RING.DATA] = 0;
  }
  kernel.free(kernel.words[socket + SOCKET.ALLOWED]!, DESTINATIONS_WORDS, owner);
  kernel.words[socket + SOCKET.ALLOWED] = 0;
}
