/** What the endpoints of these tests work with: a kernel of their own, and what of the network is granted. */
import { AddressFamily, SocketType } from '../../../../src/abi/socket.js';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { loadAddress, type SocketAddress } from '../../../../src/kernel/sockets/address.js';
import { makeDatagrams } from '../../../../src/kernel/sockets/datagram-buffers.js';
import { makeRings } from '../../../../src/kernel/sockets/rings.js';
import { openSocket, SOCKET, socketOf } from '../../../../src/kernel/sockets/socket.js';
import { policyOf } from '../../../../src/runtime/network-policy.js';
import type { EndpointContext } from '../../../../src/runtime/reactor/endpoint.js';
import { NetworkAccess } from '../../../../src/runtime/reactor/network-access.js';
import { NameResolver } from '../../../../src/runtime/reactor/resolver.js';
import { Unaccepted } from '../../../../src/runtime/reactor/unaccepted.js';
import { UnixSockets } from '../../../../src/runtime/reactor/unix-sockets.js';

const OWNER = 1;

/** @param connect, listen grants */
export function contextOf(connect: readonly string[], listen: readonly string[]): EndpointContext {
  const access = new NetworkAccess(policyOf({ connect, listen }), new NameResolver([]), () => undefined);
  return {
    kernel: KernelMemory.create(0),
    access,
    unixSockets: new UnixSockets([]),
    unaccepted: new Unaccepted(0x7fff_ffff),
  };
}

/** The record of a socket with its rings. */
export function recordIn({ kernel }: EndpointContext, family: AddressFamily, type: SocketType): number {
  const record = socketOf(kernel, openSocket(kernel, { family, type, protocol: 0, flags: 0 }, OWNER));
  if (type === SocketType.DGRAM) makeDatagrams(kernel, record, OWNER);
  else makeRings(kernel, record, OWNER);
  return record;
}

/** The port of 127.0.0.1. */
export function loopback(port: number): SocketAddress {
  return { family: AddressFamily.INET4, port, octets: Uint8Array.of(127, 0, 0, 1) };
}

/** The port that a socket is bound to. */
export function portOf({ kernel }: EndpointContext, record: number): number {
  return loadAddress(kernel, record + SOCKET.LOCAL).port;
}
