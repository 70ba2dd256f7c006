/**
 * Moving bytes over sockets (ABI §2.9). The same calls serve socket pairs and, to receive and send, pipes (sock-pair.ts).
 */
import { Errno } from '../abi/errno.js';
import { RiFlags, SiFlags } from '../abi/flags.js';
import { RightBit } from '../abi/rights.js';
import { SocketOption } from '../abi/socket.js';
import { FILE, FileKind } from '../kernel/descriptors/open-file.js';
import { requireRight } from '../kernel/descriptors/table.js';
import { fail } from '../kernel/failure.js';
import { waitingOf } from '../kernel/objects/socket.js';
import { Mode } from '../kernel/pipes/transfer.js';
import { loadAddress } from '../kernel/sockets/address.js';
import { shutDownSocket } from '../kernel/sockets/shutdown.js';
import { SOCKET, socketOf } from '../kernel/sockets/socket.js';
import { receive as receiveFrom, send as sendTo } from '../kernel/sockets/transfer.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { withFile, writing } from './fd-io.js';
import type { Handlers } from './handler.js';
import { readAddress, requireAddress, writeAddress } from './sock-address.js';
import { withSocket } from './sock-descriptor.js';
import { isPipeOrPair, receive, send, shutDown } from './sock-pair.js';

const ANY_RIGHT = -1;

function isSocket({ kernel }: GuestThread, file: number): boolean {
  return kernel.words[file + FILE.KIND] === FileKind.SOCKET;
}

/** Runs `work` on the socket, pair or pipe that `fd` is; NOTSOCK for anything else, whatever rights it has. */
function withCarrier(thread: GuestThread, fd: number, right: number, work: (file: number) => Errno): Errno {
  return withFile(thread, fd, ANY_RIGHT, (file) => {
    if (!isSocket(thread, file) && !isPipeOrPair(thread, file)) return Errno.NOTSOCK;
    requireRight(thread, fd, right);
    return work(file);
  });
}

function receiveOn(thread: GuestThread, file: number, flags: number): number {
  if (!isSocket(thread, file)) return receive(thread, file, flags);
  const mode =
    ((flags & RiFlags.DONT_WAIT) === 0 ? 0 : Mode.NONBLOCK) |
    ((flags & RiFlags.PEEK) === 0 ? 0 : Mode.PEEK) |
    ((flags & RiFlags.WAITALL) === 0 ? 0 : Mode.WAITALL);
  const waiting = waitingOf(thread, file, SocketOption.RECV_TIMEOUT, Errno.TIMEDOUT, mode);
  return receiveFrom(thread, socketOf(thread.kernel, file), thread.vectors, waiting);
}

function sendOn(thread: GuestThread, file: number, flags: number): number {
  if (!isSocket(thread, file)) return send(thread, file, flags);
  const mode = (flags & SiFlags.DONT_WAIT) === 0 ? 0 : Mode.NONBLOCK;
  const waiting = waitingOf(thread, file, SocketOption.SEND_TIMEOUT, Errno.TIMEDOUT, mode);
  return sendTo(thread, socketOf(thread.kernel, file), thread.vectors, waiting);
}

export const sockHandlers: Handlers<
  'sock_recv' | 'sock_recv_from' | 'sock_send' | 'sock_send_to' | 'sock_shutdown'
> = {
  sock_recv(thread, fd, iovecs, count, flags, received, outFlags) {
    thread.memory.span(received, 4);
    thread.memory.span(outFlags, 2);
    return withCarrier(thread, fd, RightBit.FD_READ, (file) => {
      thread.vectors.load(iovecs, count);
      thread.memory.setU32(received, receiveOn(thread, file, flags));
      thread.memory.setU16(outFlags, 0);
      return Errno.SUCCESS;
    });
  },

  /** On a connection: receives, and tells who the peer is. */
  sock_recv_from(thread, fd, iovecs, count, flags, received, outFlags, address) {
    thread.memory.span(received, 4);
    thread.memory.span(outFlags, 2);
    requireAddress(thread, address);
    return withSocket(thread, fd, RightBit.SOCK_RECV_FROM, (socket, file) => {
      thread.vectors.load(iovecs, count);
      thread.memory.setU32(received, receiveOn(thread, file, flags));
      thread.memory.setU16(outFlags, 0);
      writeAddress(thread, address, loadAddress(thread.kernel, socket + SOCKET.PEER));
      return Errno.SUCCESS;
    });
  },

  sock_send(thread, fd, iovecs, count, flags, sent) {
    thread.memory.span(sent, 4);
    return writing(thread, () =>
      withCarrier(thread, fd, RightBit.FD_WRITE, (file) => {
        thread.vectors.load(iovecs, count);
        thread.memory.setU32(sent, sendOn(thread, file, flags));
        return Errno.SUCCESS;
      }),
    );
  },

  /** On a connection: the address says nothing that is not known, and is ignored (ABI §2.9). */
  sock_send_to(thread, fd, iovecs, count, flags, address, sent) {
    thread.memory.span(sent, 4);
    return writing(thread, () =>
      withSocket(thread, fd, RightBit.SOCK_SEND_TO, (_socket, file) => {
        readAddress(thread, address);
        thread.vectors.load(iovecs, count);
        thread.memory.setU32(sent, sendOn(thread, file, flags));
        return Errno.SUCCESS;
      }),
    );
  },

  sock_shutdown(thread, fd, how) {
    return withCarrier(thread, fd, ANY_RIGHT, (file) => {
      const kind = thread.kernel.words[file + FILE.KIND];
      if (kind === FileKind.PIPE) return fail(Errno.NOTSOCK);
      requireRight(thread, fd, RightBit.SOCK_SHUTDOWN);
      if (kind === FileKind.SOCKET) shutDownSocket(thread, socketOf(thread.kernel, file), how);
      else shutDown(thread, file, how);
      return Errno.SUCCESS;
    });
  },
};
