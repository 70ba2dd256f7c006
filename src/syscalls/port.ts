/**
 * The virtual network interface (ABI §2.10). There is none: programs use the machine's own interfaces, which are not theirs
 * to configure. They may see their addresses.
 */
import { Errno } from '../abi/errno.js';
import { AddressFamily } from '../abi/socket.js';
import { cidr } from '../abi/structs.js';
import type { SocketAddress } from '../kernel/sockets/address.js';
import { askForInterfaces } from '../kernel/sockets/resolve.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';
import { withBuffers } from './sock-descriptor.js';

const notSupported = () => Errno.NOTSUP;

/** Writes a `cidr` as libc has it, whose size is the distance of entries, too. */
function writeNetwork(
  { memory }: GuestThread,
  pointer: number,
  { family, octets, port }: SocketAddress,
): void {
  const at = memory.clear(pointer, cidr.size);
  memory.setU8(at + cidr.at.family, family);
  memory.write(at + cidr.at.octets, octets);
  memory.setU8(at + (family === AddressFamily.INET4 ? cidr.at.prefix4 : cidr.at.prefix6), port);
}

export const portHandlers: Handlers<
  | 'port_addr_add'
  | 'port_addr_clear'
  | 'port_addr_list'
  | 'port_addr_remove'
  | 'port_bridge'
  | 'port_dhcp_acquire'
  | 'port_gateway_set'
  | 'port_mac'
  | 'port_route_add'
  | 'port_route_clear'
  | 'port_route_list'
  | 'port_route_remove'
  | 'port_unbridge'
> = {
  /** The addresses that the program may listen on; with too little room their number, and OVERFLOW. */
  port_addr_list(thread, networks, size) {
    const { memory } = thread;
    const capacity = memory.getU32(size);
    memory.span(networks, capacity * cidr.size);
    const found = withBuffers(() => askForInterfaces(thread, capacity));
    if (typeof found === 'number') return found;
    memory.setU32(size, found.count);
    if (found.count > found.addresses.length) return Errno.OVERFLOW;
    found.addresses.forEach((address, i) => {
      writeNetwork(thread, networks + i * cidr.size, address);
    });
    return Errno.SUCCESS;
  },

  port_addr_add: notSupported,
  port_addr_clear: notSupported,
  port_addr_remove: notSupported,
  port_bridge: notSupported,
  port_dhcp_acquire: notSupported,
  port_gateway_set: notSupported,
  port_mac: notSupported,
  port_route_add: notSupported,
  port_route_clear: notSupported,
  port_route_list: notSupported,
  port_route_remove: notSupported,
  port_unbridge: notSupported,
};
