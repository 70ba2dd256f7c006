/** Internet addresses as text, and back. */
import { netModule } from '../builtin-modules.js';

const GROUPS = 8;

/** The address in the form that the host's calls take: `127.0.0.1`, `0:0:0:0:0:0:0:1`. */
export function formatIp(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  return groupsOf(octets).join(':');
}

/** The address as people write it: with `::` for the longest run of zeros. */
export function shortIp(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  const groups = groupsOf(octets);
  let longest = { start: 0, length: 1 };
  for (let start = 0; start < GROUPS; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > longest.length) longest = { start, length };
  }
  if (longest.length === 1) return groups.join(':');
  const before = groups.slice(0, longest.start);
  return `${before.join(':')}::${groups.slice(longest.start + longest.length).join(':')}`;
}

function groupsOf(octets: Uint8Array): string[] {
  const groups: string[] = [];
  for (let i = 0; i < octets.length; i += 2) groups.push(((octets[i]! << 8) | octets[i + 1]!).toString(16));
  return groups;
}

/** The octets of an address, 4 or 16; undefined for a text that is none. A zone (`%eth0`) is left out. */
export function parseIp(text: string): Uint8Array | undefined {
  const [address = ''] = text.split('%');
  const kind = netModule().isIP(address);
  if (kind === 4) return Uint8Array.from(address.split('.'), Number);
  return kind === 6 ? parseIpv6(address) : undefined;
}

function parseIpv6(address: string): Uint8Array {
  const [head = '', tail] = address.split('::');
  const before = octetsOfGroups(head);
  const after = tail === undefined ? [] : octetsOfGroups(tail);
  const zeros = new Array<number>(2 * GROUPS - before.length - after.length).fill(0);
  return Uint8Array.from([...before, ...zeros, ...after]);
}

/** `1:2` as four octets; the last group may be an IPv4 address. */
function octetsOfGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

const MAPPED = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

/** The IPv4 address that an address of the form `::ffff:a.b.c.d` stands for; any other address as it is. */
export function unmapped(octets: Uint8Array): Uint8Array {
  if (octets.length !== 16 || MAPPED.some((octet, i) => octets[i] !== octet)) return octets;
  return octets.subarray(MAPPED.length);
}
