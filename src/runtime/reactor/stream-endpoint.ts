import type { Socket } from 'node:net';
import { Errno } from '../../abi/errno.js';
import type { SocketPlace } from '../../kernel/files/socket-files.js';
import { REACTOR_OWNER } from '../../kernel/memory/lock.js';
import type { SocketAddress } from '../../kernel/sockets/address.js';
import { SOCKET, SocketState, stateOf } from '../../kernel/sockets/socket.js';
import { wakeAll } from '../../kernel/threads/wait-queue.js';
import type { Endpoint, EndpointContext } from './endpoint.js';
import type { StreamListener } from './stream-listener.js';
import { TcpConnection } from './tcp-connection.js';

/** A stream socket of the guests: a listener, a connection, or about to become one of them. */
export abstract class StreamEndpoint implements Endpoint {
  protected readonly context: EndpointContext;
  protected readonly record: number;
  /** The listener, or what holds the address of a socket that is only bound. */
  protected listener: StreamListener | undefined;
  protected closing = false;
  #connection: TcpConnection | undefined;

  constructor(context: EndpointContext, record: number) {
    this.context = context;
    this.record = record;
  }

  /** The state is asked here: who asks may have looked at it before another thread's call, or one that it gave up, was done. */
  async bind(address: SocketAddress, place?: SocketPlace): Promise<Errno> {
    return this.#state === SocketState.FRESH ? this.bindTo(address, place) : Errno.INVAL;
  }

  async connect(address: SocketAddress, place?: SocketPlace): Promise<Errno> {
    switch (this.#state) {
      case SocketState.CONNECTING:
        return Errno.ALREADY;
      case SocketState.STREAM:
      case SocketState.LISTENER:
        return Errno.ISCONN;
      default:
        return this.connectTo(address, place);
    }
  }

  protected abstract bindTo(address: SocketAddress, place?: SocketPlace): Promise<Errno>;

  protected abstract connectTo(address: SocketAddress, place?: SocketPlace): Promise<Errno>;

  /** Binds a socket that is to listen and has no address. */
  protected abstract bindAnywhere(): Promise<Errno>;

  async listen(backlog: number): Promise<Errno> {
    if (this.#state === SocketState.LISTENER) return Errno.NOTSUP;
    if (this.#state !== SocketState.FRESH && this.#state !== SocketState.BOUND) return Errno.INVAL;
    if (!this.listener) {
      const errno = await this.bindAnywhere();
      if (errno !== Errno.SUCCESS) return errno;
    }
    this.context.kernel.words[this.record + SOCKET.BACKLOG] = backlog;
    this.listener?.accept();
    this.become(SocketState.LISTENER);
    return Errno.SUCCESS;
  }

  look(): void {
    if (this.closing) return;
    const id = Atomics.exchange(this.context.kernel.words, this.record + SOCKET.ID, 0);
    if (id !== 0) this.#adopt(id);
    this.#connection?.look();
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.dropListener();
    await this.#connection?.close();
  }

  get #state(): SocketState {
    return stateOf(this.context.kernel, this.record);
  }

  /** Gives the address up. */
  protected async dropListener(): Promise<void> {
    await this.listener?.close();
    this.listener = undefined;
  }

  protected holdAddress(listener: StreamListener): void {
    this.listener = listener;
    this.become(SocketState.BOUND);
  }

  /** The socket is connected. */
  protected begin(socket: Socket): void {
    this.#connection = new TcpConnection(this.context.kernel, this.record, socket);
    this.become(SocketState.STREAM);
  }

  /** Takes over the accepted connection `id`. */
  #adopt(id: number): void {
    const { kernel, unaccepted } = this.context;
    const socket = unaccepted.take(id);
    if (socket) this.#connection = new TcpConnection(kernel, this.record, socket);
  }

  protected become(state: SocketState): void {
    const { kernel } = this.context;
    Atomics.store(kernel.words, this.record + SOCKET.STATE, state);
    wakeAll(kernel, this.record + SOCKET.QUEUE, REACTOR_OWNER);
  }
}
