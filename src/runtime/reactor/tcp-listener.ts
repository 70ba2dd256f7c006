import { createServer, type Server, type Socket } from 'node:net';
import { EpollType } from '../../abi/epoll.js';
import { REACTOR_OWNER } from '../../kernel/memory/lock.js';
import { addWaiting, takeWaiting, WAITING, waitingConnections } from '../../kernel/sockets/accept-list.js';
import type { SocketAddress } from '../../kernel/sockets/address.js';
import { formatIp } from '../../kernel/sockets/ip-text.js';
import { SOCKET } from '../../kernel/sockets/socket.js';
import { wakeAll } from '../../kernel/threads/wait-queue.js';
import type { EndpointContext } from './endpoint.js';
import { addressOf, localOf, peerOf } from './node-address.js';

let nextId = 1;

/** How a listener is opened, as options of the guest say. */
export interface ListenerOptions {
  readonly ipv6Only: boolean;
  readonly reusePort: boolean;
}

/**
 * The server of a socket that is bound. Node binds and listens in one step, so it listens already: what connects before
 * the guest listens is reset.
 */
export class TcpListener {
  readonly #context: EndpointContext;
  readonly #record: number;
  readonly #server: Server;
  #accepting = false;

  constructor(context: EndpointContext, record: number) {
    this.#context = context;
    this.#record = record;
    this.#server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) =>
      this.#take(socket),
    );
  }

  /** Binds; answers the address with its real port. Rejects with the system's error. */
  open(address: SocketAddress, { ipv6Only, reusePort }: ListenerOptions): Promise<SocketAddress> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.once('listening', () => {
        this.#server.off('error', reject);
        // A connection that cannot be accepted, for want of descriptors, is gone.
        this.#server.on('error', () => undefined);
        resolve(addressOf(this.#server.address()) ?? address);
      });
      this.#server.listen({
        host: formatIp(address.octets),
        port: address.port,
        ipv6Only,
        exclusive: true,
        ...(reusePort ? { reusePort } : {}),
      });
    });
  }

  /** From now on connections wait for the guest. */
  accept(): void {
    this.#accepting = true;
  }

  /** Frees the address; connections that wait are reset. */
  close(): Promise<void> {
    const { kernel, unaccepted } = this.#context;
    this.#accepting = false;
    for (;;) {
      const entry = takeWaiting(kernel, this.#record, REACTOR_OWNER);
      if (entry === 0) break;
      const id = kernel.words[entry + WAITING.ID]!;
      kernel.free(entry, WAITING.WORDS, REACTOR_OWNER);
      unaccepted.get(id)?.resetAndDestroy();
      unaccepted.delete(id);
    }
    // Connections are not the server's to wait for: it would be told of their end, however late.
    return new Promise((resolve) => {
      this.#server.unref();
      this.#server.close();
      setImmediate(resolve);
    });
  }

  #take(socket: Socket): void {
    const { kernel, unaccepted } = this.#context;
    const local = localOf(socket);
    const peer = peerOf(socket);
    const full = waitingConnections(kernel, this.#record) >= kernel.words[this.#record + SOCKET.BACKLOG]!;
    if (!this.#accepting || full || !local || !peer) {
      socket.on('error', () => undefined);
      socket.resetAndDestroy();
      return;
    }
    const id = nextId++;
    // Who accepts it hears of its error, which is kept in `errored`.
    socket.on('error', () => undefined);
    unaccepted.set(id, socket);
    addWaiting(kernel, this.#record, { id, local, peer }, REACTOR_OWNER);
    wakeAll(kernel, this.#record + SOCKET.QUEUE, REACTOR_OWNER, EpollType.IN);
  }
}
