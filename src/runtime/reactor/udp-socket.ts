/** Node's datagram sockets, with promises and without name resolution. */
import { createSocket, type Socket } from 'node:dgram';
import { AddressFamily, SocketOption } from '../../abi/socket.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import type { SocketAddress } from '../../kernel/sockets/address.js';
import { formatIp } from '../../kernel/sockets/ip-text.js';
import { flagOf, sizeOf } from '../../kernel/sockets/options.js';
import { SOCKET } from '../../kernel/sockets/socket.js';

/** Options that count when a socket is bound. */
export interface UdpOpening {
  readonly ipv6Only: boolean;
  readonly reuseAddr: boolean;
  readonly reusePort: boolean;
}

/** Where a datagram is sent, as Node takes it. */
export interface UdpTarget {
  readonly host: string;
  readonly port: number;
}

export function targetOf({ octets, port }: SocketAddress): UdpTarget {
  return { host: formatIp(octets), port };
}

/** A socket that is bound to `address`. Rejects with the system's error. */
export function openUdp(address: SocketAddress, { reusePort, ...opening }: UdpOpening): Promise<Socket> {
  const isV4 = address.family === AddressFamily.INET4;
  const socket = createSocket({
    type: isV4 ? 'udp4' : 'udp6',
    ...opening,
    ...(reusePort ? { reusePort } : {}),
    // Only addresses come here.
    lookup: (host, _options, callback) => callback(null, host, isV4 ? 4 : 6),
  });
  return new Promise((resolve, reject) => {
    const failed = (error: unknown) => {
      socket.close();
      reject(error);
    };
    socket.once('error', failed);
    socket.bind({ ...asBinding(targetOf(address)), exclusive: true }, () => {
      socket.off('error', failed);
      resolve(socket);
    });
  });
}

const asBinding = ({ host, port }: UdpTarget) => ({ address: host, port });

/** Gives an open socket its peer. Rejects with the system's error. */
export function connectUdp(socket: Socket, { host, port }: UdpTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    // The callback has the error, which the types do not tell.
    const settled = (error?: unknown) => (error ? reject(error) : resolve());
    socket.connect(port, host, settled);
  });
}

export function closeUdp(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(resolve));
}

export function openingOf(kernel: KernelMemory, record: number): UdpOpening {
  return {
    ipv6Only: flagOf(kernel, record, SocketOption.ONLY_V6),
    reuseAddr: flagOf(kernel, record, SocketOption.REUSE_ADDR),
    reusePort: flagOf(kernel, record, SocketOption.REUSE_PORT),
  };
}

const LARGEST_BUFFER = 0x7fff_ffff;

/** Gives an open socket the other options of its record. Throws the system's error. */
export function applyUdpOptions(kernel: KernelMemory, record: number, socket: Socket): void {
  const isV4 = kernel.words[record + SOCKET.FAMILY] === AddressFamily.INET4;
  const loop = isV4 ? SocketOption.MULTICAST_LOOP_V4 : SocketOption.MULTICAST_LOOP_V6;
  socket.setBroadcast(flagOf(kernel, record, SocketOption.BROADCAST));
  socket.setMulticastLoopback(flagOf(kernel, record, loop));
  const ttl = sizeOf(kernel, record, SocketOption.TTL);
  if (ttl !== undefined) socket.setTTL(ttl);
  const multicastTtl = sizeOf(kernel, record, SocketOption.MULTICAST_TTL_V4);
  if (multicastTtl !== undefined) socket.setMulticastTTL(multicastTtl);
  const [receiving, sending] = [SocketOption.RECV_BUF_SIZE, SocketOption.SEND_BUF_SIZE];
  hint(sizeOf(kernel, record, receiving), (size) => socket.setRecvBufferSize(size));
  hint(sizeOf(kernel, record, sending), (size) => socket.setSendBufferSize(size));
}

/** Sets a buffer size if the system likes it. */
function hint(size: number | undefined, set: (size: number) => void): void {
  if (!size) return;
  try {
    set(Math.min(size, LARGEST_BUFFER));
  } catch {
    // The guest's own ring is what it is.
  }
}
