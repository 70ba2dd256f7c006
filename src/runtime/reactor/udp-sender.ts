import type { Socket } from 'node:dgram';
import { EpollType } from '../../abi/epoll.js';
import { Errno } from '../../abi/errno.js';
import { AddressFamily } from '../../abi/socket.js';
import { errnoOfHostError } from '../../kernel/files/host-error.js';
import { REACTOR_OWNER } from '../../kernel/memory/lock.js';
import { ADDRESS, loadAddress, type SocketAddress } from '../../kernel/sockets/address.js';
import {
  DATAGRAM,
  DATAGRAM_RING,
  datagramAt,
  hasRoom,
  outgoingDatagrams,
  piecesOf,
  recordSize,
} from '../../kernel/sockets/datagram-ring.js';
import { SOCKET } from '../../kernel/sockets/socket.js';
import { wakeAll } from '../../kernel/threads/wait-queue.js';
import type { EndpointContext } from './endpoint.js';
import { reachable } from './node-address.js';
import { targetOf, type UdpTarget } from './udp-socket.js';

/** So many destinations are remembered as allowed, and so many senders as heard; others are checked again. */
const MOST_KNOWN = 1024;

/** A datagram that Node is sending. */
interface Underway {
  readonly size: number;
  done: boolean;
}

/** Sends the datagrams of a socket's outgoing ring, each where the run's policy lets it go. */
export class UdpSender {
  readonly #context: EndpointContext;
  readonly #record: number;
  readonly #fail: (error: unknown) => void;
  #socket: Socket | undefined;
  /** Where the ring's first datagram is that Node has not been given: a value of TAIL. */
  #next = 0;
  /** What Node has been given lies in the ring until it is sent. */
  readonly #underway: Underway[] = [];
  #checking = false;
  #whenIdle: (() => void)[] = [];
  readonly #allowed = new Map<string, UdpTarget>();
  readonly #heard = new Set<string>();

  /** @param fail is told of what was sent in vain. */
  constructor(context: EndpointContext, record: number, fail: (error: unknown) => void) {
    this.#context = context;
    this.#record = record;
    this.#fail = fail;
  }

  /** From now on datagrams go by this socket; without one they are dropped. */
  use(socket: Socket | undefined): void {
    this.#socket = socket;
  }

  /** Hands to Node what is in the ring. Errors are the guest's, at its next call. */
  flush(): void {
    if (this.#checking) return;
    const { kernel } = this.#context;
    const ring = outgoingDatagrams(this.#record);
    const end = Atomics.load(kernel.words, ring + DATAGRAM_RING.TAIL);
    while (this.#next !== end) {
      const datagram = datagramAt(kernel, ring, this.#next);
      if (kernel.words[datagram + DATAGRAM.ADDRESS + ADDRESS.FAMILY] === AddressFamily.UNSPEC) {
        this.#hand();
        continue;
      }
      const address = loadAddress(kernel, datagram + DATAGRAM.ADDRESS);
      const target = this.#allowed.get(keyOf(address));
      if (!target) return void this.#check(address);
      this.#hand(target);
    }
  }

  /** Resolves when all that was in the ring is sent. */
  idle(): Promise<void> {
    this.flush();
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#settle();
    });
  }

  /** Sends `bytes` now, behind what is in the ring; ACCES where the program may not send. */
  async sendFirst(to: SocketAddress, bytes: Uint8Array): Promise<Errno> {
    const target = await this.allow(to);
    if (!target) return Errno.ACCES;
    this.flush();
    return new Promise((resolve) => {
      const sent = (error?: Error | null) => resolve(error ? errnoOf(error) : Errno.SUCCESS);
      this.#send([bytes], target, sent);
    });
  }

  /** Where to send what goes to `to`; undefined where the program may not send. */
  async allow(to: SocketAddress): Promise<UdpTarget | undefined> {
    const { access } = this.#context;
    const key = keyOf(to);
    const known = this.#allowed.get(key);
    if (known) return known;
    const address = reachable(to);
    if (!this.#heard.has(key) && !(await access.mayConnect(address))) return undefined;
    const target = targetOf(address);
    makeRoom(this.#allowed);
    this.#allowed.set(key, target);
    return target;
  }

  /** Who sends to where the program may listen may be answered. */
  hear(sender: SocketAddress): void {
    const key = keyOf(sender);
    this.#heard.delete(key);
    makeRoom(this.#heard);
    this.#heard.add(key);
  }

  /** For a destination that was allowed so long ago that it is forgotten. */
  async #check(address: SocketAddress): Promise<void> {
    this.#checking = true;
    const target = await this.allow(address);
    this.#checking = false;
    if (!target) this.#skip();
    this.flush();
    this.#settle();
  }

  #begin(): Underway {
    const { kernel } = this.#context;
    const datagram = datagramAt(kernel, outgoingDatagrams(this.#record), this.#next);
    const size = recordSize(kernel.words[datagram + DATAGRAM.LENGTH]!);
    this.#next = (this.#next + size) | 0;
    const entry = { size, done: false };
    this.#underway.push(entry);
    return entry;
  }

  #skip(): void {
    this.#finish(this.#begin());
  }

  /** Has Node send the next datagram, to the peer without `target`. */
  #hand(target?: UdpTarget): void {
    const pieces = piecesOf(this.#context.kernel, outgoingDatagrams(this.#record), this.#next);
    const entry = this.#begin();
    this.#send(pieces, target, (error) => {
      if (error) this.#fail(error);
      this.#finish(entry);
    });
  }

  #send(pieces: Uint8Array[], target: UdpTarget | undefined, sent: (error?: Error | null) => void): void {
    const socket = this.#socket;
    if (!socket) return sent();
    try {
      if (target) socket.send(pieces, target.port, target.host, sent);
      else socket.send(pieces, sent);
    } catch (error) {
      // The socket has got a peer meanwhile, or lost it.
      sent(error as Error);
    }
  }

  /** What is sent leaves the ring in order. */
  #finish(entry: Underway): void {
    entry.done = true;
    let freed = 0;
    while (this.#underway[0]?.done) freed += this.#underway.shift()!.size;
    if (freed === 0) return;
    const { kernel } = this.#context;
    const ring = outgoingDatagrams(this.#record);
    Atomics.add(kernel.words, ring + DATAGRAM_RING.HEAD, freed);
    if (hasRoom(kernel, ring)) {
      wakeAll(kernel, this.#record + SOCKET.QUEUE, REACTOR_OWNER, EpollType.OUT);
    }
    this.#settle();
  }

  #settle(): void {
    if (this.#checking || this.#underway.length > 0) return;
    const resolvers = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of resolvers) resolve();
  }
}

/** Drops what has been there longest when it is full. */
function makeRoom(known: Map<string, unknown> | Set<string>): void {
  if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!);
}

function keyOf({ octets, port }: SocketAddress): string {
  return `${octets.join('.')}:${port}`;
}

export function errnoOf(error: unknown): Errno {
  return errnoOfHostError(error) ?? Errno.IO;
}
