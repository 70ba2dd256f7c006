import { type AddressInfo, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { EpollType } from '../../abi/epoll.js';
import { AddressFamily } from '../../abi/socket.js';
import { REACTOR_OWNER } from '../../kernel/memory/lock.js';
import { addWaiting, takeWaiting, WAITING, waitingConnections } from '../../kernel/sockets/accept-list.js';
import { unspecified } from '../../kernel/sockets/address.js';
import { SOCKET } from '../../kernel/sockets/socket.js';
import { isUnix } from '../../kernel/sockets/unix-address.js';
import { wakeAll } from '../../kernel/threads/wait-queue.js';
import type { EndpointContext } from './endpoint.js';
import { localOf, peerOf } from './node-address.js';
import { reset } from './reset.js';

/**
 * The servers of a socket that is bound: one, or for a Unix-domain socket a second one for connections from within the
 * run (unix-endpoint.ts). Node binds and listens in one step, so it listens already: what connects before the guest
 * listens is reset.
 */
export class StreamListener {
  readonly #context: EndpointContext;
  readonly #record: number;
  readonly #servers: Server[] = [];
  #accepting = false;
  #closed = false;

  constructor(context: EndpointContext, record: number) {
    this.#context = context;
    this.#record = record;
  }

  /** Binds, before it returns; then answers the real address. Rejects with the system's error. */
  async open(options: ListenOptions): Promise<AddressInfo | string | null> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) =>
      this.#take(socket),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.once('listening', () => {
        server.off('error', reject);
        // A connection that cannot be accepted, for want of descriptors, is gone.
        server.on('error', () => undefined);
        resolve();
      });
      server.listen({ ...options, exclusive: true });
    });
    const address = server.address();
    if (this.#closed) stop(server);
    else this.#servers.push(server);
    return address;
  }

  /** From now on connections wait for the guest. */
  accept(): void {
    this.#accepting = true;
  }

  /** Frees the address; connections that wait are reset. */
  close(): Promise<void> {
    const { kernel, unaccepted } = this.#context;
    this.#accepting = false;
    this.#closed = true;
    for (;;) {
      const entry = takeWaiting(kernel, this.#record, REACTOR_OWNER);
      if (entry === 0) break;
      const id = kernel.words[entry + WAITING.ID]!;
      kernel.free(entry, WAITING.WORDS, REACTOR_OWNER);
      const socket = unaccepted.take(id);
      if (socket) reset(kernel, this.#record, socket);
    }
    for (const server of this.#servers) stop(server);
    return new Promise((resolve) => setImmediate(resolve));
  }

  #take(socket: Socket): void {
    const { kernel, unaccepted } = this.#context;
    const nameless = isUnix(kernel, this.#record) ? unspecified(AddressFamily.UNIX) : undefined;
    const local = nameless ?? localOf(socket);
    const peer = nameless ?? peerOf(socket);
    const full = waitingConnections(kernel, this.#record) >= kernel.words[this.#record + SOCKET.BACKLOG]!;
    // Who accepts it hears of its error, which is kept in `errored`.
    socket.on('error', () => undefined);
    if (!this.#accepting || full || !local || !peer) return reset(kernel, this.#record, socket);
    const id = unaccepted.add(socket);
    addWaiting(kernel, this.#record, { id, local, peer }, REACTOR_OWNER);
    wakeAll(kernel, this.#record + SOCKET.QUEUE, REACTOR_OWNER, EpollType.IN);
  }
}

/** Connections are not the server's to wait for: it would be told of their end, however late. */
function stop(server: Server): void {
  server.unref();
  server.close();
}
