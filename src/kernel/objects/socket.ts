/** Descriptors of sockets: reading receives, writing sends, and what poll and epoll see (ABI §2.4, §6). */
import { EpollType } from '../../abi/epoll.js';
import { Errno } from '../../abi/errno.js';
import { FdFlags } from '../../abi/flags.js';
import { SocketOption } from '../../abi/socket.js';
import { FILE } from '../descriptors/open-file.js';
import { fail } from '../failure.js';
import type { IoVectors } from '../io-vectors.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { Mode } from '../pipes/transfer.js';
import { waitingConnections } from '../sockets/accept-list.js';
import { isDatagram } from '../sockets/datagram.js';
import {
  freeBytes,
  hasDatagrams,
  hasRoom,
  incomingDatagrams,
  nextLength,
  outgoingDatagrams,
} from '../sockets/datagram-ring.js';
import { receiveDatagram, sendDatagram } from '../sockets/datagram-transfer.js';
import { haveRead } from '../sockets/direct.js';
import { timeoutOf } from '../sockets/options.js';
import { incomingRing, outgoingRing } from '../sockets/rings.js';
import { SOCKET, SocketState, socketOf, stateOf } from '../sockets/socket.js';
import { receive, send, type Waiting } from '../sockets/transfer.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { type FileOperations, NEVER_READY, type Readiness } from './file-operations.js';
import { readReadiness, writeReadiness } from './pipe.js';

const noPosition = () => fail(Errno.SPIPE);

/** How a call on the socket of `file` waits: as the description's flags and `option`, one of the time-outs, say. */
export function waitingOf(
  { kernel }: GuestThread,
  file: number,
  option: number,
  late: Errno,
  mode = 0,
): Waiting {
  const nonblock = (kernel.words[file + FILE.FLAGS]! & FdFlags.NONBLOCK) === 0 ? 0 : Mode.NONBLOCK;
  const timeout = timeoutOf(kernel, socketOf(kernel, file), option);
  return { mode: mode | nonblock, deadline: performance.now() + timeout, late };
}

/** A datagram is moved whole or not at all: MSGSIZE for more buffers than it can be made of. */
function requireWhole(vectors: IoVectors): void {
  if (vectors.isCut) fail(Errno.MSGSIZE);
}

/** Reads of a listener, and what else no bytes can come from, say that at once. */
const HUNG_UP: Readiness = { ready: true, bytes: 0, hangup: true };

/** A datagram that waits, or room for any one; an error to tell makes both ready, as on Linux. */
function datagramReadiness(kernel: KernelMemory, socket: number, forWriting: boolean): Readiness {
  const failed = Atomics.load(kernel.words, socket + SOCKET.ERROR) !== 0;
  const ring = forWriting ? outgoingDatagrams(socket) : incomingDatagrams(socket);
  const bytes = forWriting ? freeBytes(kernel, ring) : nextLength(kernel, ring);
  const ready = forWriting ? hasRoom(kernel, ring) : hasDatagrams(kernel, ring);
  return { ready: ready || failed, bytes, hangup: false };
}

function readinessOf(kernel: KernelMemory, socket: number, forWriting: boolean): Readiness {
  if (isDatagram(kernel, socket)) return datagramReadiness(kernel, socket, forWriting);
  switch (stateOf(kernel, socket)) {
    case SocketState.STREAM:
      return forWriting
        ? writeReadiness(kernel, outgoingRing(socket))
        : readReadiness(kernel, incomingRing(socket));
    case SocketState.LISTENER: {
      const waiting = waitingConnections(kernel, socket);
      return forWriting || waiting === 0 ? NEVER_READY : { ready: true, bytes: waiting, hangup: false };
    }
    case SocketState.FAILED:
      return HUNG_UP;
    default:
      return NEVER_READY;
  }
}

export const socketOperations: FileOperations = {
  readAt: noPosition,
  writeAt: noPosition,
  seek: noPosition,

  read(thread, file, vectors) {
    const waiting = waitingOf(thread, file, SocketOption.RECV_TIMEOUT, Errno.AGAIN);
    const socket = socketOf(thread.kernel, file);
    if (isDatagram(thread.kernel, socket)) {
      requireWhole(vectors);
      return receiveDatagram(thread, socket, vectors, waiting, false).count;
    }
    return receive(thread, socket, vectors, waiting);
  },

  write(thread, file, vectors) {
    const waiting = waitingOf(thread, file, SocketOption.SEND_TIMEOUT, Errno.AGAIN);
    const socket = socketOf(thread.kernel, file);
    if (isDatagram(thread.kernel, socket)) {
      requireWhole(vectors);
      return sendDatagram(thread, socket, vectors, waiting);
    }
    return send(thread, socket, vectors, waiting);
  },

  readiness({ kernel, owner }, file, forWriting) {
    const socket = socketOf(kernel, file);
    const found = readinessOf(kernel, socket, forWriting);
    if (!forWriting && !found.ready) haveRead(kernel, socket, owner);
    return found;
  },

  /** As on Linux: RDHUP when no more bytes come, HUP when both directions are over, ERR while there is an error to tell. */
  events({ kernel, owner }, file) {
    const socket = socketOf(kernel, file);
    const state = stateOf(kernel, socket);
    const isIdle = state === SocketState.FRESH || state === SocketState.BOUND;
    if (isIdle && !isDatagram(kernel, socket)) return EpollType.OUT | EpollType.HUP;
    const input = readinessOf(kernel, socket, false);
    const output = readinessOf(kernel, socket, true);
    if (!input.ready) haveRead(kernel, socket, owner);
    const failed = Atomics.load(kernel.words, socket + SOCKET.ERROR) !== 0;
    return (
      (input.ready ? EpollType.IN : 0) |
      (input.hangup ? EpollType.RDHUP : 0) |
      (output.ready ? EpollType.OUT : 0) |
      (input.hangup && output.hangup ? EpollType.HUP : 0) |
      (failed ? EpollType.ERR : 0)
    );
  },

  queue: ({ kernel }, file) => socketOf(kernel, file) + SOCKET.QUEUE,
};
