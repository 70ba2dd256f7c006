/**
 * Socket addresses in kernel memory, 6 words each:
 *   0 FAMILY (AddressFamily), 1 PORT, 2…5 the octets in network order, 4 of them for IPv4
 * of a Unix-domain socket (unix-address.ts):
 *   0 FAMILY, 1 TEXT: text block with its path, 0 for none
 */
import { AddressFamily } from '../../abi/socket.js';
import type { KernelMemory } from '../memory/kernel-memory.js';

export const ADDRESS = { FAMILY: 0, PORT: 1, TEXT: 1, OCTETS: 2, WORDS: 6 } as const;

/** An IPv4 or IPv6 address with a port. Of a Unix-domain socket only the family. */
export interface SocketAddress {
  readonly family: AddressFamily;
  readonly port: number;
  /** 4 or 16, in network order; none for a Unix-domain socket. */
  readonly octets: Uint8Array;
}

/** Octets of an address of `family`; 0 for a family that is none of the internet's. */
export function octetsOf(family: number): number {
  if (family === AddressFamily.INET4) return 4;
  return family === AddressFamily.INET6 ? 16 : 0;
}

/** The family of an address of 4 or 16 octets. */
export function familyOf(octets: Uint8Array): AddressFamily {
  return octets.length === 4 ? AddressFamily.INET4 : AddressFamily.INET6;
}

/** The address that says "any", with port 0. */
export function unspecified(family: AddressFamily): SocketAddress {
  return { family, port: 0, octets: new Uint8Array(octetsOf(family)) };
}

export function storeAddress(
  kernel: KernelMemory,
  at: number,
  { family, port, octets }: SocketAddress,
): void {
  kernel.words[at + ADDRESS.FAMILY] = family;
  kernel.words[at + ADDRESS.PORT] = port;
  kernel.bytes.set(octets, (at + ADDRESS.OCTETS) * 4);
}

export function loadAddress(kernel: KernelMemory, at: number): SocketAddress {
  const family = kernel.words[at + ADDRESS.FAMILY] as AddressFamily;
  const start = (at + ADDRESS.OCTETS) * 4;
  const octets = kernel.bytes.slice(start, start + octetsOf(family));
  return { family, port: octets.length === 0 ? 0 : kernel.words[at + ADDRESS.PORT]!, octets };
}
