/** Pipes, socket pairs and event counters: descriptors of objects that the kernel makes itself (ABI §2.2, §2.9). */
import { Errno } from '../abi/errno.js';
import { Rights } from '../abi/rights.js';
import { SocketProtocol, SocketType } from '../abi/socket.js';
import { installBoth } from '../kernel/descriptors/install-both.js';
import { install, type RightsPair } from '../kernel/descriptors/table.js';
import { fail } from '../kernel/failure.js';
import { orFull } from '../kernel/memory/kernel-memory.js';
import { openEventCounter } from '../kernel/objects/event-counter.js';
import { openPair, openPipe } from '../kernel/pipes/ends.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';

function pairOfRights(...rights: readonly bigint[]): RightsPair {
  const base = rights.reduce((sum, right) => sum | right, 0n);
  const low = Number(BigInt.asIntN(32, base));
  const high = Number(base >> 32n);
  return { baseLow: low, baseHigh: high, inheritingLow: low, inheritingHigh: high };
}

const COMMON = Rights.FD_FDSTAT_SET_FLAGS | Rights.FD_FILESTAT_GET | Rights.POLL_FD_READWRITE;
const PIPE = COMMON | Rights.FD_SYNC | Rights.FD_DATASYNC | Rights.SOCK_SEND;
/** Rights of the ends of a pipe (ABI §2.2). */
export const READ_END = pairOfRights(PIPE, Rights.FD_READ);
export const WRITE_END = pairOfRights(PIPE, Rights.FD_WRITE);
const EVENT = pairOfRights(COMMON, Rights.FD_READ, Rights.FD_WRITE);
/** Rights of what is connected both ways: the ends of pairs, and sockets (ABI §2.9). */
export const PAIR_END = pairOfRights(
  ...[COMMON, Rights.FD_READ, Rights.FD_WRITE, Rights.SOCK_SHUTDOWN, Rights.SOCK_ACCEPT],
  ...[Rights.SOCK_CONNECT, Rights.SOCK_LISTEN, Rights.SOCK_BIND, Rights.SOCK_RECV, Rights.SOCK_SEND],
  ...[Rights.SOCK_ADDR_LOCAL, Rights.SOCK_ADDR_REMOTE, Rights.SOCK_RECV_FROM, Rights.SOCK_SEND_TO],
);

/** Checks where the two numbers go before there is anything to undo. */
function requireResults({ memory }: GuestThread, ...results: readonly number[]): void {
  for (const result of results) memory.span(result, 4);
}

/** NOTSUP for other types than those there are, and for a protocol of the other type. */
export function requireSocketType(type: number, protocol: number): void {
  if (type !== SocketType.STREAM && type !== SocketType.DGRAM) fail(Errno.NOTSUP);
  if (protocol === SocketProtocol.TCP && type !== SocketType.STREAM) fail(Errno.NOTSUP);
  if (protocol === SocketProtocol.UDP && type !== SocketType.DGRAM) fail(Errno.NOTSUP);
}

export const fdPipeHandlers: Handlers<'fd_pipe' | 'fd_event' | 'sock_pair'> = {
  fd_pipe(thread, readResult, writeResult) {
    requireResults(thread, readResult, writeResult);
    const { readEnd, writeEnd } = orFull(Errno.NFILE, () => openPipe(thread.kernel, thread.owner));
    const [read, write] = installBoth(
      thread,
      { file: readEnd, init: { rights: READ_END } },
      { file: writeEnd, init: { rights: WRITE_END } },
    );
    thread.memory.setU32(readResult, read);
    thread.memory.setU32(writeResult, write);
    return Errno.SUCCESS;
  },

  /** Flags beyond SEMAPHORE and NONBLOCK are ignored: libc passes what C programs gave it (ABI §2.2). */
  fd_event(thread, initial, flags, result) {
    requireResults(thread, result);
    const low = Number(BigInt.asUintN(32, initial));
    const high = Number(BigInt.asUintN(32, initial >> 32n));
    const file = orFull(Errno.NFILE, () =>
      openEventCounter(thread.kernel, { low, high }, flags, thread.owner),
    );
    thread.memory.setU32(result, install(thread, file, { rights: EVENT }));
    return Errno.SUCCESS;
  },

  /** Any family will do. A pair of datagram sockets carries bytes without bounds too, as wasmer's does. */
  sock_pair(thread, _family, type, protocol, firstResult, secondResult) {
    requireResults(thread, firstResult, secondResult);
    requireSocketType(type, protocol);
    const [one, other] = orFull(Errno.NFILE, () => openPair(thread.kernel, thread.owner));
    const init = { rights: PAIR_END };
    const [first, second] = installBoth(thread, { file: one, init }, { file: other, init });
    thread.memory.setU32(firstResult, first);
    thread.memory.setU32(secondResult, second);
    return Errno.SUCCESS;
  },
};
