/**
 * The connections that wait at a listener: the reactor puts them in, guest threads take them out. An entry, 16 words:
 *   0 NEXT, 1 ID (the reactor's number for the connection), 2…7 LOCAL, 8…13 PEER (address.ts)
 * The list is in the listener's record, under its LOCK.
 */
import type { KernelMemory } from '../memory/kernel-memory.js';
import { lock, unlock } from '../memory/lock.js';
import { type SocketAddress, storeAddress } from './address.js';
import { SOCKET } from './socket.js';

export const WAITING = { NEXT: 0, ID: 1, LOCAL: 2, PEER: 8, WORDS: 16 } as const;

/** A connection that the reactor has accepted. */
export interface WaitingConnection {
  readonly id: number;
  readonly local: SocketAddress;
  readonly peer: SocketAddress;
}

/** Puts a connection at the end of the list. */
export function addWaiting(
  kernel: KernelMemory,
  socket: number,
  connection: WaitingConnection,
  owner: number,
): void {
  const entry = kernel.allocate(WAITING.WORDS, owner);
  kernel.reach(entry, WAITING.WORDS);
  kernel.words[entry + WAITING.ID] = connection.id;
  storeAddress(kernel, entry + WAITING.LOCAL, connection.local);
  storeAddress(kernel, entry + WAITING.PEER, connection.peer);
  lock(kernel.words, socket + SOCKET.LOCK, owner);
  const { words } = kernel;
  const last = words[socket + SOCKET.LAST_WAITING]!;
  words[last === 0 ? socket + SOCKET.FIRST_WAITING : last + WAITING.NEXT] = entry;
  words[socket + SOCKET.LAST_WAITING] = entry;
  Atomics.add(words, socket + SOCKET.WAITING, 1);
  unlock(words, socket + SOCKET.LOCK);
}

/** Takes the first entry, which the caller frees; 0 when there is none. */
export function takeWaiting(kernel: KernelMemory, socket: number, owner: number): number {
  if (Atomics.load(kernel.words, socket + SOCKET.WAITING) === 0) return 0;
  lock(kernel.words, socket + SOCKET.LOCK, owner);
  const entry = kernel.words[socket + SOCKET.FIRST_WAITING]!;
  if (entry !== 0) {
    kernel.reach(entry, WAITING.WORDS);
    const next = kernel.words[entry + WAITING.NEXT]!;
    kernel.words[socket + SOCKET.FIRST_WAITING] = next;
    if (next === 0) kernel.words[socket + SOCKET.LAST_WAITING] = 0;
    Atomics.sub(kernel.words, socket + SOCKET.WAITING, 1);
  }
  unlock(kernel.words, socket + SOCKET.LOCK);
  return entry;
}

/** How many connections wait. */
export function waitingConnections({ words }: KernelMemory, socket: number): number {
  return Atomics.load(words, socket + SOCKET.WAITING);
}
