/** Joining and leaving multicast groups (ABI §2.9). */
import { Errno } from '../abi/errno.js';
import { RightBit } from '../abi/rights.js';
import { AddressFamily } from '../abi/socket.js';
import { ip4, ip6 } from '../abi/structs.js';
import { changeMembership } from '../kernel/sockets/datagram.js';
import { ReactorOperation } from '../kernel/sockets/reactor-list.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';
import { withBuffers, withSocket } from './sock-descriptor.js';

type Change = typeof ReactorOperation.JOIN | typeof ReactorOperation.LEAVE;

/** Four octets in network order as one number. */
function wordOf(octets: Uint8Array): number {
  return (octets[0]! << 24) | (octets[1]! << 16) | (octets[2]! << 8) | octets[3]!;
}

function changeV4(thread: GuestThread, fd: number, group: number, on: number, change: Change): Errno {
  const { memory } = thread;
  const octets = memory.copy(group, ip4.size);
  const onInterface = wordOf(memory.copy(on, ip4.size));
  return withSocket(thread, fd, RightBit.SOCK_BIND, (socket) => {
    const address = { family: AddressFamily.INET4, port: 0, octets };
    withBuffers(() => changeMembership(thread, socket, change, address, onInterface));
    return Errno.SUCCESS;
  });
}

function changeV6(thread: GuestThread, fd: number, group: number, index: number, change: Change): Errno {
  const octets = thread.memory.copy(thread.memory.span(group, ip6.size), 16);
  return withSocket(thread, fd, RightBit.SOCK_BIND, (socket) => {
    const address = { family: AddressFamily.INET6, port: 0, octets };
    withBuffers(() => changeMembership(thread, socket, change, address, index));
    return Errno.SUCCESS;
  });
}

export const sockMulticastHandlers: Handlers<
  'sock_join_multicast_v4' | 'sock_join_multicast_v6' | 'sock_leave_multicast_v4' | 'sock_leave_multicast_v6'
> = {
  sock_join_multicast_v4: (thread, fd, group, on) => changeV4(thread, fd, group, on, ReactorOperation.JOIN),
  sock_leave_multicast_v4: (thread, fd, group, on) => changeV4(thread, fd, group, on, ReactorOperation.LEAVE),
  sock_join_multicast_v6: (thread, fd, group, index) =>
    changeV6(thread, fd, group, index, ReactorOperation.JOIN),
  sock_leave_multicast_v6: (thread, fd, group, index) =>
    changeV6(thread, fd, group, index, ReactorOperation.LEAVE),
};
