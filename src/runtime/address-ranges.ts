/** Which addresses are meant for what. Octets are 4 or 16; an IPv4-mapped IPv6 address is to be unmapped before. */

export function isLoopback(octets: Uint8Array): boolean {
  if (octets.length === 4) return octets[0] === 127;
  return octets.every((octet, i) => octet === (i === 15 ? 1 : 0));
}

/** This machine, what is on the same cable, groups, and what is reserved: addresses that no name of the world has. */
const SPECIAL = [
  // "This network", loopback, link-local (where clouds have their metadata), multicast, reserved and broadcast.
  ipv4([0], 8),
  ipv4([127], 8),
  ipv4([169, 254], 16),
  ipv4([224], 4),
  ipv4([240], 4),
  // Unspecified, loopback and other addresses with IPv4 ones inside; link-local; multicast.
  ipv6([], 96),
  ipv6([0xfe, 0x80], 10),
  ipv6([0xff], 8),
];

/** 64:ff9b::/96. */
const NAT64 = ipv6([0, 0x64, 0xff, 0x9b], 96);

/** A network: its first octets, the others being 0, and how many bits of them count. */
type Network = readonly [octets: Uint8Array, bits: number];

function ipv4(first: readonly number[], bits: number): Network {
  const octets = new Uint8Array(4);
  octets.set(first);
  return [octets, bits];
}

function ipv6(first: readonly number[], bits: number): Network {
  const octets = new Uint8Array(16);
  octets.set(first);
  return [octets, bits];
}

/** Whether a name other than localhost has no business to resolve to it. */
export function isSpecial(octets: Uint8Array): boolean {
  // What a translator makes an IPv4 address of again.
  const meant = samePrefix(NAT64[0], octets, NAT64[1]) ? octets.subarray(12) : octets;
  return SPECIAL.some(([network, bits]) => samePrefix(network, meant, bits));
}

/** Whether the first `bits` bits are the same; never for addresses of different families. */
export function samePrefix(one: Uint8Array, other: Uint8Array, bits = one.length * 8): boolean {
  if (one.length !== other.length) return false;
  return one.every((octet, i) => {
    const counted = Math.min(8, Math.max(0, bits - 8 * i));
    return (octet ^ other[i]!) >> (8 - counted) === 0;
  });
}
