import { connect, type Socket } from 'node:net';
import { Errno } from '../../abi/errno.js';
import { AddressFamily, SocketOption } from '../../abi/socket.js';
import { errnoOfHostError } from '../../kernel/files/host-error.js';
import { REACTOR_OWNER } from '../../kernel/memory/lock.js';
import { loadAddress, type SocketAddress, storeAddress, unspecified } from '../../kernel/sockets/address.js';
import { formatIp } from '../../kernel/sockets/ip-text.js';
import { flagOf, timeoutOf } from '../../kernel/sockets/options.js';
import { SOCKET, SocketState } from '../../kernel/sockets/socket.js';
import { wakeAll } from '../../kernel/threads/wait-queue.js';
import type { Endpoint, EndpointContext } from './endpoint.js';
import { localOf } from './node-address.js';
import { TcpConnection } from './tcp-connection.js';
import { TcpListener } from './tcp-listener.js';

/** Timers of Node take no more. */
const LONGEST_MS = 0x7fff_ffff;

/** A stream socket of the guests: a listener, a connection, or about to become one of them. */
export class TcpEndpoint implements Endpoint {
  readonly #context: EndpointContext;
  readonly #record: number;
  #listener: TcpListener | undefined;
  #connection: TcpConnection | undefined;
  /** Is being connected. */
  #connecting: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(context: EndpointContext, record: number) {
    this.#context = context;
    this.#record = record;
  }

  async bind(address: SocketAddress): Promise<Errno> {
    if (!(await this.#context.access.mayListen(address))) return Errno.ACCES;
    return this.#open(address);
  }

  async listen(backlog: number): Promise<Errno> {
    const { words } = this.#context.kernel;
    if (!this.#listener) {
      const family = words[this.#record + SOCKET.FAMILY] as AddressFamily;
      const errno = await this.bind(unspecified(family));
      if (errno !== Errno.SUCCESS) return errno;
    }
    words[this.#record + SOCKET.BACKLOG] = backlog;
    this.#listener?.accept();
    this.#become(SocketState.LISTENER);
    return Errno.SUCCESS;
  }

  async connect(address: SocketAddress): Promise<Errno> {
    const target = reachable(address);
    if (!(await this.#context.access.mayConnect(target))) return Errno.ACCES;
    // The listener only holds the address, which the connection is to come from.
    const from = this.#listener && loadAddress(this.#context.kernel, this.#record + SOCKET.LOCAL);
    await this.#listener?.close();
    this.#listener = undefined;
    if (this.#closing) return Errno.BADF;
    storeAddress(this.#context.kernel, this.#record + SOCKET.PEER, address);
    this.#become(SocketState.CONNECTING);
    this.#dial(target, from);
    return Errno.SUCCESS;
  }

  look(): void {
    if (this.#closing) return;
    const id = Atomics.exchange(this.#context.kernel.words, this.#record + SOCKET.ID, 0);
    if (id !== 0) this.#adopt(id);
    this.#connection?.look();
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    this.#connecting?.destroy();
    await this.#listener?.close();
    await this.#connection?.close();
  }

  async #open(address: SocketAddress): Promise<Errno> {
    const { kernel } = this.#context;
    const listener = new TcpListener(this.#context, this.#record);
    try {
      const local = await listener.open(address, {
        ipv6Only: flagOf(kernel, this.#record, SocketOption.ONLY_V6),
        reusePort: flagOf(kernel, this.#record, SocketOption.REUSE_PORT),
      });
      storeAddress(kernel, this.#record + SOCKET.LOCAL, local);
      this.#listener = listener;
      this.#become(SocketState.BOUND);
      return Errno.SUCCESS;
    } catch (error) {
      return errnoOf(error);
    }
  }

  #dial(target: SocketAddress, from: SocketAddress | undefined): void {
    const { kernel } = this.#context;
    const socket = connect({
      host: formatIp(target.octets),
      port: target.port,
      allowHalfOpen: true,
      ...(from ? { localAddress: formatIp(from.octets), localPort: from.port } : {}),
    });
    this.#connecting = socket;
    const limit = timeoutOf(kernel, this.#record, SocketOption.CONNECT_TIMEOUT);
    const late = () => socket.destroy(Object.assign(new Error('connect'), { code: 'ETIMEDOUT' }));
    if (Number.isFinite(limit)) this.#timer = setTimeout(late, Math.min(Math.ceil(limit), LONGEST_MS));
    const failed = (error: unknown) => this.#settle(() => this.#refuse(error));
    socket.once('error', failed).once('connect', () => {
      socket.off('error', failed);
      this.#settle(() => this.#begin(socket));
    });
  }

  #settle(outcome: () => void): void {
    clearTimeout(this.#timer);
    this.#connecting = undefined;
    if (!this.#closing) outcome();
  }

  #refuse(error: unknown): void {
    const { words } = this.#context.kernel;
    Atomics.store(words, this.#record + SOCKET.ERROR, errnoOf(error));
    this.#become(SocketState.FAILED);
  }

  #begin(socket: Socket): void {
    const { kernel } = this.#context;
    const local = localOf(socket);
    if (local) storeAddress(kernel, this.#record + SOCKET.LOCAL, local);
    this.#connection = new TcpConnection(kernel, this.#record, socket);
    this.#become(SocketState.STREAM);
  }

  /** Takes over the accepted connection `id`. */
  #adopt(id: number): void {
    const { kernel, unaccepted } = this.#context;
    const socket = unaccepted.get(id);
    unaccepted.delete(id);
    if (socket) this.#connection = new TcpConnection(kernel, this.#record, socket);
  }

  #become(state: SocketState): void {
    const { kernel } = this.#context;
    Atomics.store(kernel.words, this.#record + SOCKET.STATE, state);
    wakeAll(kernel, this.#record + SOCKET.QUEUE, REACTOR_OWNER);
  }
}

function errnoOf(error: unknown): Errno {
  return errnoOfHostError(error) ?? Errno.IO;
}

/** Who connects to "any" address means this machine; said plainly, so that grants and systems agree. */
function reachable(address: SocketAddress): SocketAddress {
  if (address.octets.some((octet) => octet !== 0)) return address;
  const octets = address.octets.slice();
  octets[octets.length - 1] = 1;
  if (address.family === AddressFamily.INET4) octets[0] = 127;
  return { ...address, octets };
}
