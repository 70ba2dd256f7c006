/** Network addresses in guest memory as trace text (ABI §3.10). */
import type { Layout } from '../../abi/layout.js';
import { AddressFamily } from '../../abi/socket.js';
import { addrPort, cidr } from '../../abi/structs.js';
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import { formatEnum, quoteBytes } from './values.js';

/** `127.0.0.1` for 4 octets; 16 octets as eight groups, the longest run of zeros shortened (RFC 5952). */
export function formatOctets(memory: GuestMemory, at: number, count: 4 | 16): string {
  const octets = memory.copy(at, count);
  return count === 4 ? octets.join('.') : formatGroups(octets);
}

function formatGroups(octets: Uint8Array): string {
  const groups: number[] = [];
  for (let i = 0; i < octets.length; i += 2) groups.push((octets[i]! << 8) | octets[i + 1]!);
  const { start, length } = longestZeros(groups);
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  });
  return best;
}

/** `127.0.0.1:80`, `[::1]:80`, the quoted path of a UNIX address, or the family's name alone. */
export function formatAddressPort(memory: GuestMemory, at: number): string {
  const family = memory.getU8(at + addrPort.at.family);
  const port = () => memory.getU16(at + addrPort.at.port);
  const octets = at + addrPort.at.octets;
  switch (family) {
    case AddressFamily.INET4:
      return `${formatOctets(memory, octets, 4)}:${port()}`;
    case AddressFamily.INET6:
      return `[${formatOctets(memory, octets, 16)}]:${port()}`;
    case AddressFamily.UNIX:
      return quoteBytes(terminated(memory.copy(at + addrPort.at.path, addrPort.size - addrPort.at.path)));
    default:
      return formatEnum(family, AddressFamily);
  }
}

/** Bytes up to the first NUL. */
function terminated(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** An address without a port: family, then octets. */
export function formatAddress(memory: GuestMemory, at: number, layout: Layout<'family' | 'octets'>): string {
  const family = memory.getU8(at + layout.at.family);
  if (family === AddressFamily.INET4) return formatOctets(memory, at + layout.at.octets, 4);
  if (family === AddressFamily.INET6) return formatOctets(memory, at + layout.at.octets, 16);
  return formatEnum(family, AddressFamily);
}

/** `10.0.0.0/8`, as libc lays it out. */
export function formatCidr(memory: GuestMemory, at: number): string {
  const address = formatAddress(memory, at, cidr);
  const family = memory.getU8(at + cidr.at.family);
  if (family === AddressFamily.INET4) return `${address}/${memory.getU8(at + cidr.at.prefix4)}`;
  if (family === AddressFamily.INET6) return `${address}/${memory.getU8(at + cidr.at.prefix6)}`;
  return address;
}
