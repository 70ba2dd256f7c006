/**
 * The reactor of a run: takes what guest threads have posted (kernel/sockets/reactor-list.ts), has the real sockets do
 * it, and answers through kernel memory. It never waits for a guest thread: it waits for the doorbell and for the network
 * on one event loop.
 */
import type { Errno } from '../../abi/errno.js';
import { SocketType } from '../../abi/socket.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { REACTOR_OWNER } from '../../kernel/memory/lock.js';
import { loadAddress } from '../../kernel/sockets/address.js';
import { freeSocket } from '../../kernel/sockets/close.js';
import { answerCall, CALL, closeHeld } from '../../kernel/sockets/reactor-call.js';
import {
  NODE,
  REACTOR,
  ReactorOperation,
  reactorOf,
  servePosted,
} from '../../kernel/sockets/reactor-list.js';
import { SOCKET } from '../../kernel/sockets/socket.js';
import { isUnix } from '../../kernel/sockets/unix-address.js';
import { placeOf } from '../../kernel/sockets/unix-place.js';
import type { Endpoint, EndpointContext } from './endpoint.js';
import type { NetworkAccess } from './network-access.js';
import { performQuestion } from './resolver-calls.js';
import type { Offer } from './start.js';
import { TcpEndpoint } from './tcp-endpoint.js';
import { performUdp } from './udp-calls.js';
import { UdpEndpoint } from './udp-endpoint.js';
import { Unaccepted } from './unaccepted.js';
import { UnixEndpoint } from './unix-endpoint.js';
import { UnixSockets } from './unix-sockets.js';

/** An endpoint and the end of what was last asked of it: what is asked next comes after that. */
interface Entry {
  readonly endpoint: Endpoint;
  done: Promise<unknown>;
}

/** Connections that may wait at a listener that the host has made: as many as Node's servers have wait. */
const OFFERED_BACKLOG = 511;

export class Reactor {
  readonly #kernel: KernelMemory;
  readonly #list: number;
  readonly #context: EndpointContext;
  readonly #entries = new Map<number, Entry>();
  /** Calls that are not answered yet. */
  readonly #calls = new Set<number>();
  /** Sockets that nobody holds any longer and that are not gone yet. */
  #closing = 0;
  #finishing: (() => void) | undefined;

  /** @param writable directories of the host that the programs may write to */
  constructor(kernel: KernelMemory, access: NetworkAccess, writable: readonly string[]) {
    this.#kernel = kernel;
    this.#list = reactorOf(kernel);
    this.#context = { kernel, access, unixSockets: new UnixSockets(writable), unaccepted: new Unaccepted() };
  }

  /** Serves until the worker is ended. */
  async serve(): Promise<never> {
    for (;;) {
      const seen = Atomics.load(this.#kernel.words, this.#list + REACTOR.DOORBELL);
      this.#servePosted();
      const rung = Atomics.waitAsync(this.#kernel.words, this.#list + REACTOR.DOORBELL, seen);
      // Guests that ring without a pause must not keep the network waiting.
      await (rung.async ? rung.value : new Promise(setImmediate));
    }
  }

  /** Ends all sockets: sends what is left to send. Resolves when none is left, which a peer may put off for ever. */
  finish(): Promise<void> {
    this.#servePosted();
    for (const record of [...this.#entries.keys()]) this.#close(record);
    return new Promise((resolve) => {
      this.#finishing = resolve;
      this.#settle();
    });
  }

  /** Gives back what would outlast the reactor, which ends now. No guest thread is left that waits for it. */
  abandon(): void {
    this.#servePosted();
    for (const call of this.#calls) closeHeld(this.#kernel, call);
    this.#context.unixSockets.directory.remove();
  }

  /** Opens a listener that the host hands to the program: no grant is needed. Rejects with the system's error. */
  offer({ record, address, path }: Offer): Promise<void> {
    const entry = this.#entryOf(record);
    const { endpoint } = entry;
    const opened = entry.done.then(async () => {
      if (endpoint instanceof UnixEndpoint) await endpoint.open(path ?? '');
      else if (endpoint instanceof TcpEndpoint && address) await endpoint.open(address);
      await endpoint.listen(OFFERED_BACKLOG);
    });
    entry.done = opened.catch(() => undefined);
    return opened;
  }

  #servePosted(): void {
    servePosted(this.#kernel, this.#list, REACTOR_OWNER, (node, last) => {
      this.#kernel.reach(node, CALL.WORDS);
      if (this.#kernel.words[node + NODE.OPERATION] !== ReactorOperation.LOOK) return this.#call(node);
      this.#entryOf(node).endpoint.look();
      if (last) this.#close(node);
    });
  }

  #call(call: number): void {
    if (this.#kernel.words[call + CALL.SOCKET] === 0) return void this.#answer(call);
    const entry = this.#entryOf(this.#kernel.words[call + CALL.SOCKET]!);
    this.#calls.add(call);
    entry.done = entry.done.then(async () => {
      const result = await this.#perform(entry.endpoint, call);
      this.#calls.delete(call);
      answerCall(this.#kernel, call, result, REACTOR_OWNER);
    });
  }

  /** A call that is about no socket: it comes after nothing and nothing after it. */
  async #answer(call: number): Promise<void> {
    const result = await performQuestion(this.#kernel, this.#context.access, call);
    answerCall(this.#kernel, call, result, REACTOR_OWNER);
  }

  #perform(endpoint: Endpoint, call: number): Promise<Errno> {
    const { words } = this.#kernel;
    switch (words[call + NODE.OPERATION]) {
      case ReactorOperation.BIND:
        return endpoint.bind(loadAddress(this.#kernel, call + CALL.ADDRESS), placeOf(this.#kernel, call));
      case ReactorOperation.LISTEN:
        return endpoint.listen(words[call + CALL.NUMBER]!);
      case ReactorOperation.CONNECT:
        return endpoint.connect(loadAddress(this.#kernel, call + CALL.ADDRESS), placeOf(this.#kernel, call));
      default:
        if (endpoint instanceof UdpEndpoint) return performUdp(this.#kernel, endpoint, call);
        throw new Error(`the reactor knows no operation ${words[call + NODE.OPERATION]}`);
    }
  }

  /** Once for each record; it is freed when nothing of the socket is left. */
  #close(record: number): void {
    const { endpoint, done } = this.#entryOf(record);
    this.#entries.delete(record);
    this.#closing++;
    void done
      .then(() => endpoint.close())
      .then(() => {
        freeSocket(this.#kernel, record, REACTOR_OWNER);
        this.#closing--;
        this.#settle();
      });
  }

  #settle(): void {
    if (this.#entries.size === 0 && this.#closing === 0) this.#finishing?.();
  }

  #entryOf(record: number): Entry {
    const known = this.#entries.get(record);
    if (known) return known;
    this.#kernel.reach(record, SOCKET.WORDS);
    const entry = { endpoint: this.#makeEndpoint(record), done: Promise.resolve() };
    this.#entries.set(record, entry);
    return entry;
  }

  #makeEndpoint(record: number): Endpoint {
    switch (this.#kernel.words[record + SOCKET.TYPE]) {
      case SocketType.STREAM:
        return isUnix(this.#kernel, record)
          ? new UnixEndpoint(this.#context, record)
          : new TcpEndpoint(this.#context, record);
      case SocketType.DGRAM:
        return new UdpEndpoint(this.#context, record);
      default:
        throw new Error(`the reactor has no sockets of type ${this.#kernel.words[record + SOCKET.TYPE]}`);
    }
  }
}
