import type { Socket } from 'node:net';
import { EpollType } from '../../abi/epoll.js';
import { Errno } from '../../abi/errno.js';
import { SocketOption } from '../../abi/socket.js';
import { errnoOfHostError } from '../../kernel/files/host-error.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { REACTOR_OWNER } from '../../kernel/memory/lock.js';
import { closeReader, closeWriter, PIPE_BUF, room } from '../../kernel/pipes/pipe.js';
import { closeDirect, endStall, isStalled, openDirect } from '../../kernel/sockets/direct.js';
import { flagOf, resetsOnClose } from '../../kernel/sockets/options.js';
import { drained, front, incomingRing, isFinished, outgoingRing } from '../../kernel/sockets/rings.js';
import { failConnection, SOCKET } from '../../kernel/sockets/socket.js';
import { wakeAll } from '../../kernel/threads/wait-queue.js';
import { discarded, Incoming, LEAST_ROOM } from './incoming.js';
import { RawSocket } from './raw-socket.js';
import { reset } from './reset.js';

/**
 * A connection: moves bytes between Node's socket and the rings of the record, in both directions only as fast as they
 * are taken. Guest threads go past it where they can (kernel/sockets/direct.ts).
 */
export class TcpConnection {
  readonly #kernel: KernelMemory;
  readonly #record: number;
  readonly #incoming: Incoming;
  readonly #socket: RawSocket;
  readonly #over: Promise<void>;
  #writing = false;
  #outputEnded = false;
  #closing = false;

  /** @param socket connected and not yet read from; it is gone then. */
  constructor(kernel: KernelMemory, record: number, socket: Socket) {
    this.#kernel = kernel;
    this.#record = record;
    this.#incoming = new Incoming(kernel, incomingRing(record));
    this.#socket = new RawSocket(socket, {
      buffer: () => (this.#closing ? discarded() : this.#incoming.buffer()),
      received: (count) => this.#receive(count),
      closing: () => closeDirect(kernel, record, REACTOR_OWNER),
    });
    this.#over = new Promise((resolve) => {
      this.#socket.once('close', () => {
        this.#end();
        resolve();
      });
    });
    this.#socket.on('end', () => this.#endInput()).on('error', (error) => this.#fail(error));
    this.#applyOptions();
    if (this.#socket.descriptor !== undefined) openDirect(kernel, record, this.#socket.descriptor);
    this.#socket.resume();
    this.#send();
  }

  look(): void {
    if (Atomics.exchange(this.#kernel.words, this.#record + SOCKET.CHANGED, 0) === 1) this.#applyOptions();
    this.#readOn();
    this.#send();
  }

  /** Sends what is in the ring and says goodbye; resets instead if the guest asked for that. */
  async close(): Promise<void> {
    this.#closing = true;
    closeReader(this.#kernel, incomingRing(this.#record), REACTOR_OWNER);
    closeWriter(this.#kernel, outgoingRing(this.#record), REACTOR_OWNER);
    if (resetsOnClose(this.#kernel, this.#record)) reset(this.#kernel, this.#record, this.#socket);
    this.#socket.resume();
    this.#send();
    // The peer has known for long, and may never end its own side.
    if (this.#outputEnded && this.#socket.writableFinished) this.#socket.destroy();
    await this.#over;
  }

  #applyOptions(): void {
    this.#socket.setNoDelay(flagOf(this.#kernel, this.#record, SocketOption.NO_DELAY));
    this.#socket.setKeepAlive(flagOf(this.#kernel, this.#record, SocketOption.KEEP_ALIVE));
  }

  /** Says whether to go on reading. */
  #receive(count: number): boolean {
    // Nobody will read it.
    if (this.#closing) return true;
    const goesOn = this.#incoming.take(count);
    // Before anybody is woken: who finds the ring empty then sees that there may be more to get.
    if (!goesOn) Atomics.store(this.#kernel.words, this.#record + SOCKET.STALLED, 1);
    this.#wake(EpollType.IN);
    return goesOn;
  }

  /** Reads again when there is room; a guest thread that waits for bytes calls, not one that makes room. */
  #readOn(): void {
    if (this.#closing || !isStalled(this.#kernel, this.#record)) return;
    if (room(this.#kernel, incomingRing(this.#record)) < LEAST_ROOM) return;
    endStall(this.#kernel, this.#record, REACTOR_OWNER);
    this.#socket.resume();
  }

  #endInput(): void {
    closeWriter(this.#kernel, incomingRing(this.#record), REACTOR_OWNER);
  }

  /** Has Node write what lies together at the front of the ring; it stays there until it is written. */
  #send(): void {
    if (this.#writing || this.#outputEnded || this.#socket.destroyed) return;
    const ring = outgoingRing(this.#record);
    const last = isFinished(this.#kernel, ring);
    const bytes = front(this.#kernel, ring);
    if (bytes.length > 0) {
      this.#writing = true;
      this.#socket.write(bytes, (error) => this.#sent(bytes.length, error));
    } else if (last) {
      this.#outputEnded = true;
      // Once the peer knows, and if nobody is left here to read, that is all.
      this.#socket.end(() => this.#closing && this.#socket.destroy());
    }
  }

  #sent(count: number, error: Error | null | undefined): void {
    this.#writing = false;
    if (error) return;
    const ring = outgoingRing(this.#record);
    drained(this.#kernel, ring, count);
    if (room(this.#kernel, ring) >= PIPE_BUF) this.#wake(EpollType.OUT);
    this.#send();
  }

  #fail(error: unknown): void {
    failConnection(this.#kernel, this.#record, errnoOfHostError(error) ?? Errno.IO);
  }

  /** The socket is gone, for better or worse. */
  #end(): void {
    this.#endInput();
    closeReader(this.#kernel, outgoingRing(this.#record), REACTOR_OWNER);
    this.#wake(-1);
  }

  #wake(events: number): void {
    wakeAll(this.#kernel, this.#record + SOCKET.QUEUE, REACTOR_OWNER, events);
  }
}
