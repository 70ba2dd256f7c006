/**
 * Sockets: what a description of kind SOCKET refers to (ABI §2.9, §6). The socket itself is the reactor's
 * (runtime/reactor); guest threads see this record. A block of 128 words:
 *
 *   0 NEXT, 1 OPERATION, 2 POSTED  its node in the reactor's list (reactor-list.ts)
 *   3 STATE       SocketState; the reactor writes it, or the guest before the reactor knows of the socket
 *   4 FAMILY      5 TYPE  6 PROTOCOL  (set once)
 *   7 KNOWN       1 once the reactor has been told of it, and frees it; written by guest threads
 *   8…9 QUEUE     threads and epoll items that wait for any change
 *  10…11 FAR_QUEUE queue of the rings' other side, always empty: the reactor is told by the list
 *  12 LOCK        guards the accept list and the options
 *  13 ERROR       errno that the next call answers, once; 0 for none
 *  14 HAS_PEER    1 for a datagram socket that was connected; the reactor writes it
 *  15 ORPHANED    1 when no descriptor names it: calls that wait are over
 *  16 ID          of the accepted connection that it takes over from the reactor
 *  17 STALLED     1 while the reactor does not read, for want of room in the incoming ring (direct.ts); the reactor
 *  18 BACKLOG     connections that may wait to be accepted
 *  19 FIRST_WAITING, 20 LAST_WAITING, 21 WAITING  list of those, and how many (accept.ts); under LOCK
 *  22 FLAGS       values of the flag options, bit per SocketOption
 *  23 SET         which options were set, bit per SocketOption
 *  24 CHANGED     1 when options were set that the reactor has not seen
 *  25 BUSY        1 while a thread binds, listens or connects
 *  26…43 VALUES   values of the time and size options, two words each (options.ts)
 *  44 DESCRIPTOR  the system's number of the connection, plus 1, for guest threads to use (direct.ts); 0 for none
 *  48…53 LOCAL    54…59 PEER: addresses (address.ts)
 *  64…79 IN       80…95 OUT: records of the rings (pipes/pipe.ts); without a ring until there is a connection. Of a
 *                 datagram socket: of its rings from the start (datagram-ring.ts)
 *  96 ALLOWED     where a datagram socket may send (datagram-destinations.ts); 0 for others
 */
import { Errno } from '../../abi/errno.js';
import { FileType } from '../../abi/filetype.js';
import { type AddressFamily, SocketType } from '../../abi/socket.js';
import { Access, createOpenFile, FILE, FileKind } from '../descriptors/open-file.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { storeAddress, unspecified } from './address.js';

export const SOCKET = {
  NEXT: 0,
  OPERATION: 1,
  POSTED: 2,
  STATE: 3,
  FAMILY: 4,
  TYPE: 5,
  PROTOCOL: 6,
  KNOWN: 7,
  QUEUE: 8,
  FAR_QUEUE: 10,
  LOCK: 12,
  ERROR: 13,
  HAS_PEER: 14,
  ORPHANED: 15,
  ID: 16,
  STALLED: 17,
  BACKLOG: 18,
  FIRST_WAITING: 19,
  LAST_WAITING: 20,
  WAITING: 21,
  FLAGS: 22,
  SET: 23,
  CHANGED: 24,
  BUSY: 25,
  VALUES: 26,
  DESCRIPTOR: 44,
  LOCAL: 48,
  PEER: 54,
  IN: 64,
  OUT: 80,
  ALLOWED: 96,
  WORDS: 128,
} as const;

/** The states of ABI §6.1. A stream stays one when its peer is gone: its rings and ERROR tell. */
export const SocketState = { FRESH: 0, BOUND: 1, LISTENER: 2, CONNECTING: 3, STREAM: 4, FAILED: 5 } as const;
export type SocketState = (typeof SocketState)[keyof typeof SocketState];

/** What a socket is made as. */
export interface SocketInit {
  readonly family: AddressFamily;
  readonly type: SocketType;
  readonly protocol: number;
  /** fdflags of its description. */
  readonly flags: number;
}

/** Makes a fresh socket and answers its description, with one reference. KernelMemoryFull when there is no memory. */
export function openSocket(kernel: KernelMemory, init: SocketInit, owner: number): number {
  const socket = kernel.allocate(SOCKET.WORDS, owner);
  kernel.reach(socket, SOCKET.WORDS);
  const { words } = kernel;
  words[socket + SOCKET.FAMILY] = init.family;
  words[socket + SOCKET.TYPE] = init.type;
  words[socket + SOCKET.PROTOCOL] = init.protocol;
  storeAddress(kernel, socket + SOCKET.LOCAL, unspecified(init.family));
  storeAddress(kernel, socket + SOCKET.PEER, unspecified(init.family));
  return createOpenFile(
    kernel,
    {
      kind: FileKind.SOCKET,
      type: init.type === SocketType.DGRAM ? FileType.SOCKET_DGRAM : FileType.SOCKET_STREAM,
      access: Access.READ | Access.WRITE,
      flags: init.flags,
      stream: socket,
    },
    owner,
  );
}

/** The record of the socket that a description refers to. */
export function socketOf(kernel: KernelMemory, file: number): number {
  const socket = kernel.words[file + FILE.STREAM]!;
  kernel.reach(socket, SOCKET.WORDS);
  return socket;
}

export function stateOf({ words }: KernelMemory, socket: number): SocketState {
  return Atomics.load(words, socket + SOCKET.STATE) as SocketState;
}

/**
 * Keeps the error that a connection has come to, the first one. That sending is over (PIPE) is none: the rings say it, and
 * who receives is not told so, but that there is no more.
 */
export function failConnection({ words }: KernelMemory, socket: number, errno: Errno): void {
  if (errno !== Errno.PIPE) Atomics.compareExchange(words, socket + SOCKET.ERROR, 0, errno);
}

/** Takes the error that the socket has come to, which is told once; 0 for none. */
export function takeError({ words }: KernelMemory, socket: number): number {
  return Atomics.exchange(words, socket + SOCKET.ERROR, 0);
}

/** Whether no descriptor names the socket any longer: who waits in a call is to leave with BADF (ABI §6.2). */
export function isOrphaned({ words }: KernelMemory, socket: number): boolean {
  return Atomics.load(words, socket + SOCKET.ORPHANED) === 1;
}
