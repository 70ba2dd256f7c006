/** Binding, listening and connecting as guest threads do it (ABI §2.9, §6.1): asked of the reactor, whose answer is awaited. */
import { Errno } from '../../abi/errno.js';
import { SocketType } from '../../abi/socket.js';
import { fail } from '../failure.js';
import { Mode } from '../pipes/transfer.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { WaitKind } from '../threads/thread-words.js';
import type { SocketAddress } from './address.js';
import { isDatagram } from './datagram.js';
import { callReactor, type ReactorCall } from './reactor-call.js';
import { ReactorOperation } from './reactor-list.js';
import { makeRings } from './rings.js';
import { SOCKET, SocketState, stateOf, takeError } from './socket.js';
import { type Waiting, waitFor } from './transfer.js';

/** Most connections that may wait at a listener, whatever the guest asks for. */
const MOST_WAITING = 4096;

/** What a listener has room for at least: what finds none is reset, where Linux has the peer try again. */
const LEAST_WAITING = 128;

/** Asks the reactor, after `prepare`, one thread for each socket at a time. */
function control(thread: GuestThread, asked: ReactorCall, prepare?: () => void): void {
  exclusively(thread, asked.socket, () => {
    prepare?.();
    return asked;
  });
}

/** Asks the reactor what `prepare` makes up, one thread for each socket at a time: ALREADY for others. */
export function exclusively(thread: GuestThread, socket: number, prepare: () => ReactorCall): void {
  const { words } = thread.kernel;
  const busy = socket + SOCKET.BUSY;
  if (Atomics.compareExchange(words, busy, 0, 1) !== 0) fail(Errno.ALREADY);
  try {
    const errno = callReactor(thread, prepare());
    if (errno !== Errno.SUCCESS) fail(errno);
  } finally {
    Atomics.store(words, busy, 0);
  }
}

/** INVAL for an address of another family than the socket's. */
function requireFamily({ kernel }: GuestThread, socket: number, { family }: SocketAddress): void {
  if (kernel.words[socket + SOCKET.FAMILY] !== family) fail(Errno.INVAL);
}

export function bind(thread: GuestThread, socket: number, address: SocketAddress): void {
  requireFamily(thread, socket, address);
  if (stateOf(thread.kernel, socket) !== SocketState.FRESH) fail(Errno.INVAL);
  control(thread, { operation: ReactorOperation.BIND, socket, address });
}

/** A socket that is not bound is bound to any address and a free port, as on Linux. */
export function listen(thread: GuestThread, socket: number, backlog: number): void {
  const { kernel } = thread;
  if (kernel.words[socket + SOCKET.TYPE] !== SocketType.STREAM) fail(Errno.NOTSUP);
  const state = stateOf(kernel, socket);
  if (state === SocketState.LISTENER) fail(Errno.NOTSUP);
  if (state !== SocketState.FRESH && state !== SocketState.BOUND) fail(Errno.INVAL);
  const number = Math.min(Math.max(backlog >>> 0, LEAST_WAITING), MOST_WAITING);
  control(thread, { operation: ReactorOperation.LISTEN, socket, number });
}

/** Connects; with NONBLOCK only begins to, and fails with INPROGRESS. A datagram socket is given a peer, or another one. */
export function connect(thread: GuestThread, socket: number, address: SocketAddress, waiting: Waiting): void {
  const { kernel } = thread;
  requireFamily(thread, socket, address);
  if (isDatagram(kernel, socket))
    return control(thread, { operation: ReactorOperation.CONNECT, socket, address });
  control(thread, { operation: ReactorOperation.CONNECT, socket, address }, () => {
    requireUnconnected(thread, socket);
    makeRings(kernel, socket, thread.owner);
  });
  if ((waiting.mode & Mode.NONBLOCK) !== 0) fail(Errno.INPROGRESS);
  const settled = () => stateOf(kernel, socket) !== SocketState.CONNECTING;
  // A signal does not end it: the connection would be made all the same.
  waitFor(thread, socket, WaitKind.HOST, waiting, settled);
  if (stateOf(kernel, socket) !== SocketState.FAILED) return;
  fail((takeError(kernel, socket) || Errno.CONNREFUSED) as Errno);
}

/** One that failed to connect says why, if it has not yet; then it may try again. */
export function requireUnconnected({ kernel }: GuestThread, socket: number): void {
  switch (stateOf(kernel, socket)) {
    case SocketState.CONNECTING:
      return fail(Errno.ALREADY);
    case SocketState.STREAM:
    case SocketState.LISTENER:
      return fail(Errno.ISCONN);
    case SocketState.FAILED: {
      const errno = takeError(kernel, socket);
      if (errno !== 0) fail(errno as Errno);
    }
  }
}
