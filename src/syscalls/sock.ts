/**
 * Moving bytes over sockets (ABI §2.9). The same calls serve socket pairs and, to receive and send, pipes (sock-pair.ts).
 */
import { Errno } from '../abi/errno.js';
import { RiFlags, RoFlags, SiFlags } from '../abi/flags.js';
import { RightBit } from '../abi/rights.js';
import { SocketOption } from '../abi/socket.js';
import { FILE, FileKind } from '../kernel/descriptors/open-file.js';
import { requireRight } from '../kernel/descriptors/table.js';
import { fail } from '../kernel/failure.js';
import { waitingOf } from '../kernel/objects/socket.js';
import { Mode } from '../kernel/pipes/transfer.js';
import type { SocketAddress } from '../kernel/sockets/address.js';
import { isDatagram } from '../kernel/sockets/datagram.js';
import { receiveDatagram, sendDatagram } from '../kernel/sockets/datagram-transfer.js';
import { shutDownSocket } from '../kernel/sockets/shutdown.js';
import { SOCKET, socketOf } from '../kernel/sockets/socket.js';
import { receive as receiveFrom, send as sendTo } from '../kernel/sockets/transfer.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import { withFile, writing } from './fd-io.js';
import type { Handlers } from './handler.js';
import { readAddress, requireAddress, writeAddress } from './sock-address.js';
import { withBuffers, withSocket } from './sock-descriptor.js';
import { isPipeOrPair, receive, send, shutDown } from './sock-pair.js';
import { tellAddress } from './sock-unix-address.js';

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

/** What a receive answers besides the bytes. */
interface Answer {
  /** As the guest is told: the bytes, or with DATA_TRUNCATED those that a datagram had (`MSG_TRUNC`). */
  readonly count: number;
  readonly flags: number;
  readonly from: SocketAddress | undefined;
}

const bytesOnly = (count: number): Answer => ({ count, flags: 0, from: undefined });

function receiveOn(thread: GuestThread, file: number, flags: number, wantsSender: boolean): Answer {
  if (!isSocket(thread, file)) return bytesOnly(receive(thread, file, flags));
  const { kernel, vectors } = thread;
  const mode =
    ((flags & RiFlags.DONT_WAIT) === 0 ? 0 : Mode.NONBLOCK) |
    ((flags & RiFlags.PEEK) === 0 ? 0 : Mode.PEEK) |
    ((flags & RiFlags.WAITALL) === 0 ? 0 : Mode.WAITALL);
  const waiting = waitingOf(thread, file, SocketOption.RECV_TIMEOUT, Errno.TIMEDOUT, mode);
  const socket = socketOf(kernel, file);
  if (!isDatagram(kernel, socket)) return bytesOnly(receiveFrom(thread, socket, vectors, waiting));
  const { count, length, from } = receiveDatagram(thread, socket, vectors, waiting, wantsSender);
  const asked = (flags & RiFlags.DATA_TRUNCATED) === 0 ? count : length;
  return { count: asked, flags: count < length ? RoFlags.DATA_TRUNCATED : 0, from };
}

/** Tells the guest who has sent: of a datagram its sender, else the socket's peer; of a pair nothing. */
function tellSender(thread: GuestThread, file: number, { from }: Answer, address: number): void {
  if (from) writeAddress(thread, address, from);
  else if (isSocket(thread, file)) tellAddress(thread, address, socketOf(thread.kernel, file) + SOCKET.PEER);
}

/** Tells the guest what was received. */
function tell({ memory }: GuestThread, { count, flags }: Answer, received: number, outFlags: number): void {
  memory.setU32(received, count);
  memory.setU16(outFlags, flags);
}

function sendOn(thread: GuestThread, file: number, flags: number, to?: SocketAddress): number {
  if (!isSocket(thread, file)) return send(thread, file, flags);
  const mode = (flags & SiFlags.DONT_WAIT) === 0 ? 0 : Mode.NONBLOCK;
  const waiting = waitingOf(thread, file, SocketOption.SEND_TIMEOUT, Errno.TIMEDOUT, mode);
  const socket = socketOf(thread.kernel, file);
  if (!isDatagram(thread.kernel, socket)) return sendTo(thread, socket, thread.vectors, waiting);
  return withBuffers(() => sendDatagram(thread, socket, thread.vectors, waiting, to));
}

/** Most buffers of a datagram: it is sent whole or not at all. */
const MOST_VECTORS = 1024;

/** Loads the buffers of a receive or send. MSGSIZE for more than a datagram can be made of. */
function loadVectors(thread: GuestThread, file: number, pointer: number, count: number): void {
  const isWhole = isSocket(thread, file) && isDatagram(thread.kernel, socketOf(thread.kernel, file));
  if (isWhole && count >>> 0 > MOST_VECTORS) fail(Errno.MSGSIZE);
  thread.vectors.load(pointer, count);
}

export const sockHandlers: Handlers<
  'sock_recv' | 'sock_recv_from' | 'sock_recv_msg' | 'sock_send' | 'sock_send_to' | 'sock_shutdown'
> = {
  sock_recv(thread, fd, iovecs, count, flags, received, outFlags) {
    thread.memory.span(received, 4);
    thread.memory.span(outFlags, 2);
    return withCarrier(thread, fd, RightBit.FD_READ, (file) => {
      loadVectors(thread, file, iovecs, count);
      tell(thread, receiveOn(thread, file, flags, false), received, outFlags);
      return Errno.SUCCESS;
    });
  },

  /** On a connection: receives, and tells who the peer is. */
  sock_recv_from(thread, fd, iovecs, count, flags, received, outFlags, address) {
    thread.memory.span(received, 4);
    thread.memory.span(outFlags, 2);
    requireAddress(thread, address);
    return withSocket(thread, fd, RightBit.SOCK_RECV_FROM, (_socket, file) => {
      loadVectors(thread, file, iovecs, count);
      const answer = receiveOn(thread, file, flags, true);
      tell(thread, answer, received, outFlags);
      tellSender(thread, file, answer, address);
      return Errno.SUCCESS;
    });
  },

  /** There is never control data. Without an address, on whatever `sock_recv` is for (ABI §2.9). */
  sock_recv_msg(thread, fd, iovecs, count, flags, address, _control, _size, received, outFlags, controlSize) {
    for (const result of [received, controlSize]) thread.memory.span(result, 4);
    thread.memory.span(outFlags, 2);
    if (address !== 0) requireAddress(thread, address);
    return withCarrier(thread, fd, RightBit.FD_READ, (file) => {
      loadVectors(thread, file, iovecs, count);
      const answer = receiveOn(thread, file, flags, address !== 0);
      tell(thread, answer, received, outFlags);
      thread.memory.setU32(controlSize, 0);
      if (address !== 0) tellSender(thread, file, answer, address);
      return Errno.SUCCESS;
    });
  },

  sock_send(thread, fd, iovecs, count, flags, sent) {
    thread.memory.span(sent, 4);
    return writing(thread, () =>
      withCarrier(thread, fd, RightBit.FD_WRITE, (file) => {
        loadVectors(thread, file, iovecs, count);
        thread.memory.setU32(sent, sendOn(thread, file, flags));
        return Errno.SUCCESS;
      }),
    );
  },

  /** On a connection: the address says nothing that is not known, and is ignored (ABI §2.9). */
  sock_send_to(thread, fd, iovecs, count, flags, address, sent) {
    thread.memory.span(sent, 4);
    return writing(thread, () =>
      withSocket(thread, fd, RightBit.SOCK_SEND_TO, (socket, file) => {
        if (!isDatagram(thread.kernel, socket)) requireAddress(thread, address);
        const to = isDatagram(thread.kernel, socket) ? readAddress(thread, address) : undefined;
        loadVectors(thread, file, iovecs, count);
        thread.memory.setU32(sent, sendOn(thread, file, flags, to));
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
