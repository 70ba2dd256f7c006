import { connect, type Socket } from 'node:net';
import { Errno } from '../../abi/errno.js';
import { type AddressFamily, SocketOption } from '../../abi/socket.js';
import { errnoOfHostError } from '../../kernel/files/host-error.js';
import { loadAddress, type SocketAddress, storeAddress, unspecified } from '../../kernel/sockets/address.js';
import { formatIp } from '../../kernel/sockets/ip-text.js';
import { flagOf, timeoutOf } from '../../kernel/sockets/options.js';
import { SOCKET, SocketState } from '../../kernel/sockets/socket.js';
import { addressOf, localOf, reachable } from './node-address.js';
import { StreamEndpoint } from './stream-endpoint.js';
import { StreamListener } from './stream-listener.js';

/** Timers of Node take no more. */
const LONGEST_MS = 0x7fff_ffff;

/** A TCP socket of the guests. */
export class TcpEndpoint extends StreamEndpoint {
  /** Is being connected. */
  #connecting: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;

  protected async bindTo(address: SocketAddress): Promise<Errno> {
    if (!(await this.context.access.mayListen(address))) return Errno.ACCES;
    try {
      await this.open(address);
      return Errno.SUCCESS;
    } catch (error) {
      return errnoOf(error);
    }
  }

  /** Binds without asking whether that is allowed. Rejects with the system's error. */
  async open(address: SocketAddress): Promise<void> {
    const { kernel } = this.context;
    const listener = new StreamListener(this.context, this.record);
    const reusePort = flagOf(kernel, this.record, SocketOption.REUSE_PORT);
    const local = await listener.open({
      host: formatIp(address.octets),
      port: address.port,
      ipv6Only: flagOf(kernel, this.record, SocketOption.ONLY_V6),
      ...(reusePort ? { reusePort } : {}),
    });
    storeAddress(kernel, this.record + SOCKET.LOCAL, addressOf(local) ?? address);
    this.holdAddress(listener);
  }

  protected async connectTo(address: SocketAddress): Promise<Errno> {
    const target = reachable(address);
    if (!(await this.context.access.mayConnect(target))) return Errno.ACCES;
    const { kernel } = this.context;
    // The listener only holds the address, which the connection is to come from.
    const from = this.listener && loadAddress(kernel, this.record + SOCKET.LOCAL);
    await this.dropListener();
    if (this.closing) return Errno.BADF;
    storeAddress(kernel, this.record + SOCKET.PEER, address);
    this.become(SocketState.CONNECTING);
    this.#dial(target, from);
    return Errno.SUCCESS;
  }

  override async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#connecting?.destroy();
    await super.close();
  }

  protected bindAnywhere(): Promise<Errno> {
    const family = this.context.kernel.words[this.record + SOCKET.FAMILY] as AddressFamily;
    return this.bind(unspecified(family));
  }

  #dial(target: SocketAddress, from: SocketAddress | undefined): void {
    const socket = connect({
      host: formatIp(target.octets),
      port: target.port,
      allowHalfOpen: true,
      ...(from ? { localAddress: formatIp(from.octets), localPort: from.port } : {}),
    });
    this.#connecting = socket;
    const limit = timeoutOf(this.context.kernel, this.record, SocketOption.CONNECT_TIMEOUT);
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
    if (!this.closing) outcome();
  }

  #refuse(error: unknown): void {
    Atomics.store(this.context.kernel.words, this.record + SOCKET.ERROR, errnoOf(error));
    this.become(SocketState.FAILED);
  }

  #begin(socket: Socket): void {
    const local = localOf(socket);
    if (local) storeAddress(this.context.kernel, this.record + SOCKET.LOCAL, local);
    this.begin(socket);
  }
}

function errnoOf(error: unknown): Errno {
  return errnoOfHostError(error) ?? Errno.IO;
}
