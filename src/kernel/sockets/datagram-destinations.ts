/**
 * The destinations that the reactor has allowed a datagram socket, so that what goes there again need not ask: a block of
 * 64 places of 8 words, 0…5 an address (address.ts). An address has one place that it can be in. Read and written under
 * the WRITE_LOCK of the outgoing ring. It decides who asks, not what is allowed: the reactor checks each datagram that it
 * sends (runtime/reactor/udp-sender.ts).
 */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { ADDRESS, octetsOf, type SocketAddress, storeAddress } from './address.js';

const PLACES = 64;
const PLACE_WORDS = 8;

export const DESTINATIONS_WORDS = PLACES * PLACE_WORDS;

function placeOf(block: number, { port, octets }: SocketAddress): number {
  const end = octets.length;
  const hash = port ^ (port >> 6) ^ octets[end - 1]! ^ (octets[end - 2]! << 3);
  return block + (hash & (PLACES - 1)) * PLACE_WORDS;
}

/** Whether the words at `at` are this address. */
export function isAddressAt(kernel: KernelMemory, at: number, address: SocketAddress): boolean {
  const { words, bytes } = kernel;
  if (words[at + ADDRESS.FAMILY] !== address.family || words[at + ADDRESS.PORT] !== address.port)
    return false;
  const start = (at + ADDRESS.OCTETS) * 4;
  const count = octetsOf(address.family);
  for (let i = 0; i < count; i++) if (bytes[start + i] !== address.octets[i]) return false;
  return true;
}

export function knowsDestination(kernel: KernelMemory, block: number, address: SocketAddress): boolean {
  kernel.reach(block, DESTINATIONS_WORDS);
  return isAddressAt(kernel, placeOf(block, address), address);
}

export function rememberDestination(kernel: KernelMemory, block: number, address: SocketAddress): void {
  kernel.reach(block, DESTINATIONS_WORDS);
  storeAddress(kernel, placeOf(block, address), address);
}
