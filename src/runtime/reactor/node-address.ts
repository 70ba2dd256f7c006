/** Addresses of Node's sockets as the kernel has them. */
import type { AddressInfo, Socket } from 'node:net';
import { AddressFamily } from '../../abi/socket.js';
import type { SocketAddress } from '../../kernel/sockets/address.js';
import { parseIp, unmapped } from '../../kernel/sockets/ip-text.js';

/** Undefined for what is no internet address. */
function toAddress(host: string | undefined, port: number | undefined): SocketAddress | undefined {
  const octets = host === undefined ? undefined : parseIp(host);
  if (!octets || port === undefined) return undefined;
  return { family: octets.length === 4 ? AddressFamily.INET4 : AddressFamily.INET6, port, octets };
}

export function addressOf(info: AddressInfo | string | null): SocketAddress | undefined {
  return info === null || typeof info === 'string' ? undefined : toAddress(info.address, info.port);
}

export const localOf = (socket: Socket): SocketAddress | undefined =>
  toAddress(socket.localAddress, socket.localPort);

export const peerOf = (socket: Socket): SocketAddress | undefined =>
  toAddress(socket.remoteAddress, socket.remotePort);

/**
 * Who connects or sends to "any" address, also to IPv4's inside an IPv6 one, means this machine; said plainly, so that grants
 * and systems agree.
 */
export function reachable(address: SocketAddress): SocketAddress {
  const meant = unmapped(address.octets);
  if (meant.some((octet) => octet !== 0)) return address;
  const octets = address.octets.slice();
  octets[octets.length - 1] = 1;
  if (meant.length === 4) octets[octets.length - 4] = 127;
  return { ...address, octets };
}
