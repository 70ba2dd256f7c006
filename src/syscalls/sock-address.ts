/** Socket addresses in guest memory (ABI §3.10). Ports are little-endian in both directions. */
import { Errno } from '../abi/errno.js';
import { AddressFamily } from '../abi/socket.js';
import { ADDR_PORT_IP_SIZE, addrPort } from '../abi/structs.js';
import { fail } from '../kernel/failure.js';
import { octetsOf, type SocketAddress } from '../kernel/sockets/address.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';

/** Reads an `addr_port`. AFNOSUPPORT for a family that is none of the internet's. */
export function readAddress({ memory }: GuestThread, pointer: number): SocketAddress {
  const family = memory.getU8(pointer) as AddressFamily;
  const count = octetsOf(family);
  if (count === 0) fail(family === AddressFamily.UNSPEC ? Errno.INVAL : Errno.AFNOSUPPORT);
  const at = memory.span(pointer, addrPort.at.octets + count);
  return {
    family,
    port: memory.getU16(at + addrPort.at.port),
    octets: memory.copy(at + addrPort.at.octets, count),
  };
}

/** Checks that an address can be written, before there is anything to undo. */
export function requireAddress({ memory }: GuestThread, pointer: number): void {
  memory.span(pointer, ADDR_PORT_IP_SIZE);
}

/** Writes an `addr_port`: 20 bytes, more may not be the guest's to be written to. */
export function writeAddress({ memory }: GuestThread, pointer: number, address: SocketAddress): void {
  const at = memory.clear(pointer, ADDR_PORT_IP_SIZE);
  memory.setU8(at + addrPort.at.family, address.family);
  memory.setU16(at + addrPort.at.port, address.port);
  memory.write(at + addrPort.at.octets, address.octets);
}
