/** Making sockets and connections: open, bind, listen, accept, connect, and the addresses of both ends (ABI §2.9). */
import { Errno } from '../abi/errno.js';
import { FdFlags } from '../abi/flags.js';
import { RightBit } from '../abi/rights.js';
import { AddressFamily, SocketOption, SocketProtocol, SocketType } from '../abi/socket.js';
import { install, requireFreeNumber } from '../kernel/descriptors/table.js';
import { fail } from '../kernel/failure.js';
import { waitingOf } from '../kernel/objects/socket.js';
import { Mode } from '../kernel/pipes/transfer.js';
import { accept } from '../kernel/sockets/accept.js';
import { bind, connect, listen } from '../kernel/sockets/connect.js';
import { hasPeer, openDatagramSocket } from '../kernel/sockets/datagram.js';
import { statusOfSocket } from '../kernel/sockets/shutdown.js';
import { openSocket, SOCKET, SocketState, socketOf, stateOf, takeError } from '../kernel/sockets/socket.js';
import { isUnix } from '../kernel/sockets/unix-address.js';
import { bindPath, connectPath } from '../kernel/sockets/unix-place.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { PAIR_END, requireSocketType } from './fd-pipe.js';
import type { Handlers } from './handler.js';
import { readAddress, requireAddress } from './sock-address.js';
import { withBuffers, withSocket } from './sock-descriptor.js';
import { readPath, tellAddress } from './sock-unix-address.js';

/** Accepts at `fd`; answers the new number and tells where the peer's address is. */
function acceptAt(
  thread: GuestThread,
  fd: number,
  flags: number,
  accepted: number,
  told: (peer: number) => void,
): Errno {
  thread.memory.span(accepted, 4);
  return withSocket(thread, fd, RightBit.SOCK_ACCEPT, (socket, file) => {
    const waiting = waitingOf(thread, file, SocketOption.ACCEPT_TIMEOUT, Errno.TIMEDOUT);
    const nonblock = flags & FdFlags.NONBLOCK;
    // A flag for the new descriptor; that it says how to wait for it too is wasmer's way (ABI §2.9).
    const mode = nonblock === 0 ? waiting.mode : waiting.mode | Mode.NONBLOCK;
    // A connection that found no number would be lost.
    requireFreeNumber(thread);
    const made = withBuffers(() => accept(thread, socket, nonblock, { ...waiting, mode }));
    const peer = socketOf(thread.kernel, made) + SOCKET.PEER;
    told(peer);
    thread.memory.setU32(accepted, install(thread, made, { rights: PAIR_END }));
    return Errno.SUCCESS;
  });
}

/** The family, if there are sockets of it and of this type: NOTSUP for Unix-domain datagrams, and where no path can be held. */
function requireFamily({ view }: GuestThread, family: number, type: number): AddressFamily {
  if (family === AddressFamily.INET4 || family === AddressFamily.INET6) return family;
  if (family !== AddressFamily.UNIX) return fail(Errno.AFNOSUPPORT);
  return type === SocketType.STREAM && view.files.holdsSockets ? family : fail(Errno.NOTSUP);
}

/** Protocol 0 is the one that there is for the type. A Unix-domain socket has none, whatever libc says for 0. */
function protocolOf(family: AddressFamily, type: number, protocol: number): number {
  if (family === AddressFamily.UNIX) return SocketProtocol.IP;
  return protocol || (type === SocketType.STREAM ? SocketProtocol.TCP : SocketProtocol.UDP);
}

/** A socket that failed to connect says why, once; whatever else has no peer is not connected. */
function requirePeer({ kernel }: GuestThread, socket: number): void {
  const state = stateOf(kernel, socket);
  if (state === SocketState.STREAM || hasPeer(kernel, socket)) return;
  fail(((state === SocketState.FAILED && takeError(kernel, socket)) || Errno.NOTCONN) as Errno);
}

export const sockConnectHandlers: Handlers<
  | 'sock_accept'
  | 'sock_accept_v2'
  | 'sock_addr_local'
  | 'sock_addr_peer'
  | 'sock_bind'
  | 'sock_connect'
  | 'sock_listen'
  | 'sock_open'
  | 'sock_status'
> = {
  sock_open(thread, family, type, protocol, result) {
    thread.memory.span(result, 4);
    requireSocketType(type, protocol);
    const known = requireFamily(thread, family, type);
    const isStream = type === SocketType.STREAM;
    const init = {
      family: known,
      type: isStream ? SocketType.STREAM : SocketType.DGRAM,
      protocol: protocolOf(known, type, protocol),
      flags: 0,
    };
    const file = withBuffers(() =>
      isStream ? openSocket(thread.kernel, init, thread.owner) : openDatagramSocket(thread, init),
    );
    thread.memory.setU32(result, install(thread, file, { rights: PAIR_END }));
    return Errno.SUCCESS;
  },

  sock_status(thread, fd, result) {
    thread.memory.span(result, 1);
    return withSocket(thread, fd, -1, (socket) => {
      thread.memory.setU8(result, statusOfSocket(thread.kernel, socket));
      return Errno.SUCCESS;
    });
  },

  sock_bind(thread, fd, address) {
    return withSocket(thread, fd, RightBit.SOCK_BIND, (socket) => {
      if (isUnix(thread.kernel, socket)) {
        const path = readPath(thread, address);
        withBuffers(() => bindPath(thread, socket, path));
      } else bind(thread, socket, readAddress(thread, address));
      return Errno.SUCCESS;
    });
  },

  sock_listen(thread, fd, backlog) {
    return withSocket(thread, fd, RightBit.SOCK_LISTEN, (socket) => {
      listen(thread, socket, backlog);
      return Errno.SUCCESS;
    });
  },

  sock_connect(thread, fd, address) {
    return withSocket(thread, fd, RightBit.SOCK_CONNECT, (socket, file) => {
      if (isUnix(thread.kernel, socket)) {
        const path = readPath(thread, address);
        withBuffers(() => connectPath(thread, socket, path));
        return Errno.SUCCESS;
      }
      const target = readAddress(thread, address);
      // The reactor keeps the time: what it gives up is given up for all who wait.
      const waiting = { ...waitingOf(thread, file, 0, Errno.TIMEDOUT), deadline: Number.POSITIVE_INFINITY };
      withBuffers(() => connect(thread, socket, target, waiting));
      return Errno.SUCCESS;
    });
  },

  sock_accept: (thread, fd, flags, accepted) => acceptAt(thread, fd, flags, accepted, () => undefined),

  sock_accept_v2(thread, fd, flags, accepted, address) {
    requireAddress(thread, address);
    return acceptAt(thread, fd, flags, accepted, (peer) => {
      tellAddress(thread, address, peer);
    });
  },

  sock_addr_local(thread, fd, result) {
    requireAddress(thread, result);
    return withSocket(thread, fd, RightBit.SOCK_ADDR_LOCAL, (socket) => {
      tellAddress(thread, result, socket + SOCKET.LOCAL);
      return Errno.SUCCESS;
    });
  },

  sock_addr_peer(thread, fd, result) {
    requireAddress(thread, result);
    return withSocket(thread, fd, RightBit.SOCK_ADDR_REMOTE, (socket) => {
      requirePeer(thread, socket);
      tellAddress(thread, result, socket + SOCKET.PEER);
      return Errno.SUCCESS;
    });
  },
};
