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
import { answerCall, CALL } from '../../kernel/sockets/reactor-call.js';
import {
  NODE,
  REACTOR,
  ReactorOperation,
  reactorOf,
  servePosted,
} from '../../kernel/sockets/reactor-list.js';
import { SOCKET } from '../../kernel/sockets/socket.js';
import type { Endpoint, EndpointContext } from './endpoint.js';
import type { NetworkAccess } from './network-access.js';
import { TcpEndpoint } from './tcp-endpoint.js';

/** An endpoint and the end of what was last asked of it: what is asked next comes after that. */
interface Entry {
  readonly endpoint: Endpoint;
  done: Promise<unknown>;
}

export class Reactor {
  readonly #kernel: KernelMemory;
  readonly #list: number;
  readonly #context: EndpointContext;
  readonly #entries = new Map<number, Entry>();
  /** Sockets that nobody holds any longer and that are not gone yet. */
  #closing = 0;
  #finishing: (() => void) | undefined;

  constructor(kernel: KernelMemory, access: NetworkAccess) {
    this.#kernel = kernel;
    this.#list = reactorOf(kernel);
    this.#context = { kernel, access, unaccepted: new Map() };
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

  #servePosted(): void {
    servePosted(this.#kernel, this.#list, REACTOR_OWNER, (node, last) => {
      this.#kernel.reach(node, CALL.WORDS);
      if (this.#kernel.words[node + NODE.OPERATION] !== ReactorOperation.LOOK) return this.#call(node);
      this.#entryOf(node).endpoint.look();
      if (last) this.#close(node);
    });
  }

  #call(call: number): void {
    const entry = this.#entryOf(this.#kernel.words[call + CALL.SOCKET]!);
    entry.done = entry.done.then(async () => {
      answerCall(this.#kernel, call, await this.#perform(entry.endpoint, call), REACTOR_OWNER);
    });
  }

  #perform(endpoint: Endpoint, call: number): Promise<Errno> {
    const { words } = this.#kernel;
    switch (words[call + NODE.OPERATION]) {
      case ReactorOperation.BIND:
        return endpoint.bind(loadAddress(this.#kernel, call + CALL.ADDRESS));
      case ReactorOperation.LISTEN:
        return endpoint.listen(words[call + CALL.NUMBER]!);
      case ReactorOperation.CONNECT:
        return endpoint.connect(loadAddress(this.#kernel, call + CALL.ADDRESS));
      default:
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
        return new TcpEndpoint(this.#context, record);
      default:
        throw new Error(`the reactor has no sockets of type ${this.#kernel.words[record + SOCKET.TYPE]}`);
    }
  }
}
