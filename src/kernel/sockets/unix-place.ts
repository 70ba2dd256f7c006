/**
 * Binding and connecting Unix-domain sockets as guest threads do it (ABI §2.9). The guest's path is resolved here, in the
 * tree of its process; the reactor is given a host descriptor for the place (files/socket-files.ts) and, in the words
 * behind its call, the path that was found:
 *   0 LENGTH  bytes of the path
 *   1…        the path, in UTF-8
 */
import { Errno } from '../../abi/errno.js';
import { fail } from '../failure.js';
import type { SocketPlace } from '../files/socket-files.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { freeText, storeText } from '../memory/text.js';
import { workingDirectory } from '../processes/working-directory.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { exclusively, requireUnconnected } from './connect.js';
import { CALL, type ReactorCall } from './reactor-call.js';
import { ReactorOperation } from './reactor-list.js';
import { makeRings } from './rings.js';
import { SOCKET, SocketState, stateOf } from './socket.js';
import { setPath } from './unix-address.js';

const encoder = new TextEncoder();

/** Makes the socket file. ADDRINUSE for a name that is taken, ROFS on a read-only mount. */
export function bindPath(thread: GuestThread, socket: number, path: string): void {
  if (stateOf(thread.kernel, socket) !== SocketState.FRESH) fail(Errno.INVAL);
  settle(thread, socket, SOCKET.LOCAL, path, () => {
    const place = thread.view.files.placeSocket(directoryOf(thread), path);
    return callWith(thread.kernel, ReactorOperation.BIND, socket, place);
  });
}

/** Connects, which is done at once or not at all: what listens takes who comes later. */
export function connectPath(thread: GuestThread, socket: number, path: string): void {
  settle(thread, socket, SOCKET.PEER, path, () => {
    requireUnconnected(thread, socket);
    makeRings(thread.kernel, socket, thread.owner);
    const place = thread.view.files.findSocket(directoryOf(thread), path);
    return callWith(thread.kernel, ReactorOperation.CONNECT, socket, place);
  });
}

/** Has it done and, once that is so, notes `path` as the socket's address in the words `at`. */
function settle(
  thread: GuestThread,
  socket: number,
  at: number,
  path: string,
  prepare: () => ReactorCall,
): void {
  if (path === '') fail(Errno.INVAL);
  const { kernel, owner } = thread;
  const text = storeText(kernel, path, owner);
  try {
    exclusively(thread, socket, prepare);
  } catch (error) {
    freeText(kernel, text, owner);
    throw error;
  }
  setPath(kernel, socket + at, text);
}

function directoryOf(thread: GuestThread) {
  return thread.view.files.directoryAt(workingDirectory(thread));
}

function callWith(kernel: KernelMemory, operation: number, socket: number, place: SocketPlace): ReactorCall {
  const path = encoder.encode(place.path);
  return {
    operation,
    socket,
    held: place.hostFd,
    more: {
      count: 1 + Math.ceil(path.length / 4),
      fill(at) {
        kernel.words[at] = path.length;
        kernel.bytes.set(path, (at + 1) * 4);
      },
      take: () => undefined,
    },
  };
}

/** The place that a call is about; the reactor's. Undefined for a call without one. */
export function placeOf(kernel: KernelMemory, call: number): SocketPlace | undefined {
  const hostFd = kernel.words[call + CALL.HELD]! - 1;
  if (hostFd < 0) return undefined;
  const at = call + CALL.WORDS;
  kernel.reach(at, kernel.words[call + CALL.MORE]!);
  const start = (at + 1) * 4;
  return { hostFd, path: new TextDecoder().decode(kernel.bytes.slice(start, start + kernel.words[at]!)) };
}
