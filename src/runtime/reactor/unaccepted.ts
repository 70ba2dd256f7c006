import type { Socket } from 'node:net';

/** Numbers fit into a word of kernel memory, and 0 is none. */
const MOST = 0x7fff_ffff;

/** Connections that no guest has accepted yet, by number. */
export class Unaccepted {
  readonly #sockets = new Map<number, Socket>();
  #next: number;

  /** @param first the first number */
  constructor(first = 1) {
    this.#next = first;
  }

  /** Keeps the connection and answers its number. */
  add(socket: Socket): number {
    const id = this.#next;
    this.#sockets.set(id, socket);
    this.#next = id === MOST ? 1 : id + 1;
    return id;
  }

  /** The connection, which is not kept any longer; undefined for a number that is none. */
  take(id: number): Socket | undefined {
    const socket = this.#sockets.get(id);
    this.#sockets.delete(id);
    return socket;
  }
}
