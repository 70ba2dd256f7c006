/** Datagram sockets as guest threads see them (ABI §2.9, §6): made with their rings, bound or not, with a peer or without. */
import { Errno } from '../../abi/errno.js';
import { SocketType } from '../../abi/socket.js';
import { release } from '../descriptors/table.js';
import { fail } from '../failure.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import type { GuestThread } from '../threads/guest-thread.js';
import type { SocketAddress } from './address.js';
import { makeDatagrams } from './datagram-buffers.js';
import { callReactor, type ReactorCall } from './reactor-call.js';
import { ReactorOperation } from './reactor-list.js';
import { openSocket, SOCKET, type SocketInit, SocketState, socketOf, stateOf } from './socket.js';

export function isDatagram({ words }: KernelMemory, socket: number): boolean {
  return words[socket + SOCKET.TYPE] === SocketType.DGRAM;
}

/** Whether the socket is a datagram socket with a peer. */
export function hasPeer({ words }: KernelMemory, socket: number): boolean {
  return Atomics.load(words, socket + SOCKET.HAS_PEER) === 1;
}

/** As `openSocket`, with the rings of a datagram socket. KernelMemoryFull when there is no memory, and then nothing is left. */
export function openDatagramSocket(thread: GuestThread, init: SocketInit): number {
  const { kernel, owner } = thread;
  const file = openSocket(kernel, init, owner);
  try {
    makeDatagrams(kernel, socketOf(kernel, file), owner);
    return file;
  } catch (error) {
    release(thread, file);
    throw error;
  }
}

/** Asks the reactor, whose errno ends the call if it is one. */
function ask(thread: GuestThread, asked: ReactorCall): void {
  const errno = callReactor(thread, asked);
  if (errno !== Errno.SUCCESS) fail(errno);
}

/** Has the options that the guest has set take effect. Before the socket is bound they wait for that. */
export function applyOptions(thread: GuestThread, socket: number): void {
  if (stateOf(thread.kernel, socket) === SocketState.FRESH) return;
  ask(thread, { operation: ReactorOperation.CONFIGURE, socket });
}

/**
 * Joins a multicast group, or leaves it (ABI §2.9). NOTSUP for other sockets, INVAL for an address of another family.
 * @param onInterface the four octets of its address in network order for IPv4, its index for IPv6; 0 for any
 */
export function changeMembership(
  thread: GuestThread,
  socket: number,
  operation: typeof ReactorOperation.JOIN | typeof ReactorOperation.LEAVE,
  group: SocketAddress,
  onInterface: number,
): void {
  const { kernel } = thread;
  if (!isDatagram(kernel, socket)) fail(Errno.NOTSUP);
  if (kernel.words[socket + SOCKET.FAMILY] !== group.family) fail(Errno.INVAL);
  ask(thread, { operation, socket, address: group, number: onInterface });
}
