/** Accepting connections, as guest threads do it (ABI §2.9). */
import { Errno } from '../../abi/errno.js';
import { type AddressFamily, SocketType } from '../../abi/socket.js';
import { release } from '../descriptors/table.js';
import { fail } from '../failure.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { storeText } from '../memory/text.js';
import type { GuestThread } from '../threads/guest-thread.js';
import { WaitKind } from '../threads/thread-words.js';
import { takeWaiting, WAITING, waitingConnections } from './accept-list.js';
import { loadAddress, storeAddress } from './address.js';
import { inheritOptions } from './options.js';
import { post } from './reactor-list.js';
import { makeRings } from './rings.js';
import { openSocket, SOCKET, SocketState, socketOf, stateOf } from './socket.js';
import { type Waiting, waitFor } from './transfer.js';
import { isUnix, pathOf, setPath } from './unix-address.js';

/**
 * Waits for a connection at the listener and answers the description of its socket, with one reference.
 * @param flags fdflags of the new description
 */
export function accept(thread: GuestThread, listener: number, flags: number, waiting: Waiting): number {
  const { kernel } = thread;
  requireListener(thread, listener);
  const ready = () => waitingConnections(kernel, listener) > 0;
  for (;;) {
    if (!ready()) waitFor(thread, listener, WaitKind.READ, waiting, ready);
    const file = prepare(thread, listener, flags);
    if (takeOver(thread, listener, socketOf(kernel, file))) return file;
    // Another thread has been faster.
    release(thread, file);
  }
}

function requireListener({ kernel }: GuestThread, socket: number): void {
  const state = stateOf(kernel, socket);
  if (state === SocketState.LISTENER) return;
  fail(state === SocketState.FRESH || state === SocketState.BOUND ? Errno.INVAL : Errno.NOTSUP);
}

/** What a connection needs is had before one is taken. */
function prepare(thread: GuestThread, listener: number, flags: number): number {
  const { kernel, owner } = thread;
  const { words } = kernel;
  const init = {
    family: words[listener + SOCKET.FAMILY] as AddressFamily,
    type: SocketType.STREAM,
    protocol: words[listener + SOCKET.PROTOCOL]!,
    flags,
  };
  const file = openSocket(kernel, init, owner);
  try {
    const socket = socketOf(kernel, file);
    makeRings(kernel, socket, owner);
    inheritOptions(kernel, socket, listener);
    // Who connected to a path has none itself; who accepts has that of the listener.
    if (isUnix(kernel, listener)) copyPath(kernel, listener, socket, owner);
    return file;
  } catch (error) {
    release(thread, file);
    throw error;
  }
}

function copyPath(kernel: KernelMemory, listener: number, socket: number, owner: number): void {
  const path = pathOf(kernel, listener + SOCKET.LOCAL);
  if (path !== '') setPath(kernel, socket + SOCKET.LOCAL, storeText(kernel, path, owner));
}

/** Makes `socket` the first of the connections that wait; false when there is none. */
function takeOver({ kernel, owner }: GuestThread, listener: number, socket: number): boolean {
  const entry = takeWaiting(kernel, listener, owner);
  if (entry === 0) return false;
  const { words } = kernel;
  if (!isUnix(kernel, listener)) {
    storeAddress(kernel, socket + SOCKET.LOCAL, loadAddress(kernel, entry + WAITING.LOCAL));
    storeAddress(kernel, socket + SOCKET.PEER, loadAddress(kernel, entry + WAITING.PEER));
  }
  words[socket + SOCKET.ID] = words[entry + WAITING.ID]!;
  kernel.free(entry, WAITING.WORDS, owner);
  words[socket + SOCKET.KNOWN] = 1;
  Atomics.store(words, socket + SOCKET.STATE, SocketState.STREAM);
  post(kernel, socket, owner);
  return true;
}
