import type { RemoteInfo, Socket } from 'node:dgram';
import { EpollType } from '../../abi/epoll.js';
import { Errno } from '../../abi/errno.js';
import type { AddressFamily } from '../../abi/socket.js';
import { REACTOR_OWNER } from '../../kernel/memory/lock.js';
import { loadAddress, type SocketAddress, storeAddress, unspecified } from '../../kernel/sockets/address.js';
import { incomingDatagrams, putArrived } from '../../kernel/sockets/datagram-ring.js';
import { parseIp } from '../../kernel/sockets/ip-text.js';
import { SOCKET, SocketState } from '../../kernel/sockets/socket.js';
import { wakeAll } from '../../kernel/threads/wait-queue.js';
import type { Endpoint, EndpointContext } from './endpoint.js';
import { addressOf } from './node-address.js';
import { UdpMemberships } from './udp-memberships.js';
import { errnoOf, UdpSender } from './udp-sender.js';
import { applyUdpOptions, closeUdp, connectUdp, openingOf, openUdp } from './udp-socket.js';

/** A datagram socket of the guests. It has a socket of Node's from the time on that it is bound. */
export class UdpEndpoint implements Endpoint {
  readonly #context: EndpointContext;
  readonly #record: number;
  readonly #family: AddressFamily;
  readonly #sender: UdpSender;
  readonly #memberships = new UdpMemberships();
  #socket: Socket | undefined;
  /** What it was bound to, a port of 0 as such. */
  #bound: SocketAddress;
  #hasPeer = false;
  /** It was bound by the guest, who has the grant to listen there. */
  #serves = false;
  /** Address and port of the last sender as Node tells them, and its octets. */
  #lastHost = '';
  #lastPort = 0;
  #lastOctets: Uint8Array = new Uint8Array();

  constructor(context: EndpointContext, record: number) {
    this.#context = context;
    this.#record = record;
    this.#family = context.kernel.words[record + SOCKET.FAMILY] as AddressFamily;
    this.#bound = unspecified(this.#family);
    this.#sender = new UdpSender(context, record, (error) => this.#fail(error));
  }

  async bind(address: SocketAddress): Promise<Errno> {
    if (!(await this.#context.access.mayListen(address))) return Errno.ACCES;
    if (this.#socket) return Errno.INVAL;
    const errno = await this.#open(address);
    this.#serves = errno === Errno.SUCCESS;
    return errno;
  }

  async listen(): Promise<Errno> {
    return Errno.NOTSUP;
  }

  /** Also another peer: Node's socket is then replaced by one at the same place, which has not forgotten its port. */
  async connect(address: SocketAddress): Promise<Errno> {
    if (address.port === 0) return Errno.INVAL;
    const target = await this.#sender.allow(address);
    if (!target) return Errno.ACCES;
    await this.#sender.idle();
    const errno = this.#hasPeer ? await this.#reopen() : await this.#requireSocket();
    if (errno !== Errno.SUCCESS) return errno;
    try {
      await connectUdp(this.#socket!, target);
    } catch (error) {
      return errnoOf(error);
    }
    const { kernel } = this.#context;
    this.#hasPeer = true;
    storeAddress(kernel, this.#record + SOCKET.PEER, address);
    const local = addressOf(this.#socket!.address());
    if (local) storeAddress(kernel, this.#record + SOCKET.LOCAL, local);
    Atomics.store(kernel.words, this.#record + SOCKET.HAS_PEER, 1);
    return Errno.SUCCESS;
  }

  /** Sends the first datagram to a destination, from a free port if the socket has none. */
  async sendTo(address: SocketAddress, bytes: Uint8Array): Promise<Errno> {
    if (this.#hasPeer) return Errno.ISCONN;
    if (address.port === 0) return Errno.INVAL;
    if (!(await this.#sender.allow(address))) return Errno.ACCES;
    const errno = await this.#requireSocket();
    return errno === Errno.SUCCESS ? this.#sender.sendFirst(address, bytes) : errno;
  }

  /** Sets the options that the record has; for all that is sent from now on. */
  async configure(): Promise<Errno> {
    await this.#sender.idle();
    return this.#socket ? this.#applyOptions(this.#socket) : Errno.SUCCESS;
  }

  async join(group: SocketAddress, onInterface: number): Promise<Errno> {
    // To receive what is sent to the group is to listen there.
    const { port } = this.#local();
    if (!(await this.#context.access.mayListen({ ...group, port }))) return Errno.ACCES;
    return this.#memberships.join(this.#socket, group, onInterface);
  }

  async leave(group: SocketAddress, onInterface: number): Promise<Errno> {
    return this.#memberships.leave(this.#socket, group, onInterface);
  }

  look(): void {
    this.#sender.flush();
  }

  async close(): Promise<void> {
    await this.#sender.idle();
    if (this.#socket) await closeUdp(this.#socket);
  }

  #local(): SocketAddress {
    return loadAddress(this.#context.kernel, this.#record + SOCKET.LOCAL);
  }

  async #requireSocket(): Promise<Errno> {
    return this.#socket ? Errno.SUCCESS : this.#open(unspecified(this.#family));
  }

  async #reopen(): Promise<Errno> {
    const { kernel } = this.#context;
    const bound = { ...this.#bound, port: this.#local().port };
    Atomics.store(kernel.words, this.#record + SOCKET.HAS_PEER, 0);
    this.#hasPeer = false;
    await closeUdp(this.#socket!);
    this.#use(undefined);
    const errno = await this.#open(bound);
    if (errno !== Errno.SUCCESS) {
      // From now on it is bound to nothing, and then not by the guest.
      this.#serves = false;
      storeAddress(kernel, this.#record + SOCKET.LOCAL, unspecified(this.#family));
      Atomics.store(kernel.words, this.#record + SOCKET.STATE, SocketState.FRESH);
    }
    return errno;
  }

  async #open(address: SocketAddress): Promise<Errno> {
    const { kernel } = this.#context;
    let socket: Socket;
    try {
      socket = await openUdp(address, openingOf(kernel, this.#record));
    } catch (error) {
      return errnoOf(error);
    }
    socket.on('message', (bytes, sender) => this.#receive(bytes, sender));
    socket.on('error', (error) => this.#fail(error));
    let errno = this.#applyOptions(socket);
    if (errno === Errno.SUCCESS) errno = this.#memberships.joinAgain(socket);
    if (errno !== Errno.SUCCESS) {
      await closeUdp(socket);
      return errno;
    }
    this.#bound = address;
    this.#use(socket);
    storeAddress(kernel, this.#record + SOCKET.LOCAL, addressOf(socket.address()) ?? address);
    Atomics.store(kernel.words, this.#record + SOCKET.STATE, SocketState.BOUND);
    this.#wake(-1);
    return Errno.SUCCESS;
  }

  #use(socket: Socket | undefined): void {
    this.#socket = socket;
    this.#sender.use(socket);
  }

  #applyOptions(socket: Socket): Errno {
    try {
      applyUdpOptions(this.#context.kernel, this.#record, socket);
      return Errno.SUCCESS;
    } catch (error) {
      return errnoOf(error);
    }
  }

  /** A datagram for which there is no room is lost, as datagrams may be. */
  #receive(bytes: Uint8Array, { address, port }: RemoteInfo): void {
    const known = address === this.#lastHost && port === this.#lastPort;
    const octets = known ? this.#lastOctets : parseIp(address);
    if (!octets) return;
    const sender = { family: this.#family, port, octets };
    if (!known) {
      this.#lastHost = address;
      this.#lastPort = port;
      this.#lastOctets = octets;
      if (this.#serves) this.#sender.hear(sender);
    }
    const ring = incomingDatagrams(this.#record);
    if (putArrived(this.#context.kernel, ring, bytes, sender)) this.#wake(EpollType.IN);
  }

  /** Something that was sent is refused, or could not be sent: the guest's next call says so, once. */
  #fail(error: unknown): void {
    const { words } = this.#context.kernel;
    Atomics.compareExchange(words, this.#record + SOCKET.ERROR, 0, errnoOf(error));
    this.#wake(-1);
  }

  #wake(events: number): void {
    wakeAll(this.#context.kernel, this.#record + SOCKET.QUEUE, REACTOR_OWNER, events);
  }
}
