/** The multicast groups that a datagram socket of the guests has joined. */
import type { Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { Errno } from '../../abi/errno.js';
import { AddressFamily } from '../../abi/socket.js';
import type { SocketAddress } from '../../kernel/sockets/address.js';
import { formatIp } from '../../kernel/sockets/ip-text.js';
import { errnoOf } from './udp-sender.js';

/** A group on an interface, as Node takes them; undefined lets the system choose the interface. */
interface Membership {
  readonly group: string;
  readonly on: string | undefined;
}

/** Kept also to join again: before the socket is bound, and when it gets another peer. */
export class UdpMemberships {
  #joined: Membership[] = [];

  join(socket: Socket | undefined, group: SocketAddress, onInterface: number): Errno {
    if (!isMulticast(group)) return Errno.INVAL;
    const membership = membershipOf(group, onInterface);
    if (!membership) return Errno.NODEV;
    if (this.#find(membership)) return Errno.ADDRINUSE;
    const errno = socket ? attempt(() => socket.addMembership(membership.group, membership.on)) : 0;
    if (errno === Errno.SUCCESS) this.#joined.push(membership);
    return errno;
  }

  leave(socket: Socket | undefined, group: SocketAddress, onInterface: number): Errno {
    const membership = membershipOf(group, onInterface);
    const joined = membership && this.#find(membership);
    if (!joined) return Errno.ADDRNOTAVAIL;
    this.#joined = this.#joined.filter((other) => other !== joined);
    return socket ? attempt(() => socket.dropMembership(joined.group, joined.on)) : Errno.SUCCESS;
  }

  /** Has a new socket join all groups. */
  joinAgain(socket: Socket): Errno {
    for (const { group, on } of this.#joined) {
      const errno = attempt(() => socket.addMembership(group, on));
      if (errno !== Errno.SUCCESS) return errno;
    }
    return Errno.SUCCESS;
  }

  #find({ group, on }: Membership): Membership | undefined {
    return this.#joined.find((other) => other.group === group && other.on === on);
  }
}

function attempt(work: () => void): Errno {
  try {
    work();
    return Errno.SUCCESS;
  } catch (error) {
    return errnoOf(error);
  }
}

function isMulticast({ family, octets }: SocketAddress): boolean {
  const first = octets[0]!;
  return family === AddressFamily.INET4 ? first >= 224 && first <= 239 : first === 0xff;
}

/** Undefined when there is no such interface. */
function membershipOf(group: SocketAddress, onInterface: number): Membership | undefined {
  const text = formatIp(group.octets);
  if (onInterface === 0) return { group: text, on: undefined };
  if (group.family === AddressFamily.INET4) return { group: text, on: formatIp(octetsOf(onInterface)) };
  const name = nameOfInterface(onInterface >>> 0);
  return name === undefined ? undefined : { group: text, on: `::%${name}` };
}

function octetsOf(word: number): Uint8Array {
  return Uint8Array.of(word >> 24, word >> 16, word >> 8, word);
}

/** Node tells the index of an interface only with a link-local address; Linux has it in a file. */
function nameOfInterface(index: number): string | undefined {
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    if (addresses.some((address) => address.family === 'IPv6' && address.scopeid === index)) return name;
    if (indexOnLinux(name) === index) return name;
  }
  return undefined;
}

function indexOnLinux(name: string): number | undefined {
  try {
    return Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'latin1'));
  } catch {
    return undefined;
  }
}
