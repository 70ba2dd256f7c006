import type { Socket } from 'node:net';
import { EpollType } from '../../abi/epoll.js';
import { Errno } from '../../abi/errno.js';
import { SocketOption } from '../../abi/socket.js';
import { errnoOfHostError } from '../../kernel/files/host-error.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { REACTOR_OWNER } from '../../kernel/memory/lock.js';
import { closeReader, closeWriter, PIPE_BUF, room } from '../../kernel/pipes/pipe.js';
import { flagOf, resetsOnClose } from '../../kernel/sockets/options.js';
import { drained, fill, front, incomingRing, isFinished, outgoingRing } from '../../kernel/sockets/rings.js';
import { SOCKET } from '../../kernel/sockets/socket.js';
import { wakeAll } from '../../kernel/threads/wait-queue.js';

/**
 * A connection: moves bytes between Node's socket and the rings of the record, in both directions only as fast as they
 * are taken.
 */
export class TcpConnection {
  readonly #kernel: KernelMemory;
  readonly #record: number;
  readonly #socket: Socket;
  readonly #over: Promise<void>;
  /** What came and found no room in the ring. */
  #rest: Uint8Array | undefined;
  /** The peer sends no more, once the rest is in the ring. */
  #inputEnded = false;
  #writing = false;
  #outputEnded = false;
  #closing = false;

  /** @param socket connected, and paused or not yet read from; its error, if it has come to one, is the guest's. */
  constructor(kernel: KernelMemory, record: number, socket: Socket) {
    this.#kernel = kernel;
    this.#record = record;
    this.#socket = socket;
    this.#over = new Promise((resolve) => {
      const ended = () => {
        this.#end();
        resolve();
      };
      if (socket.closed) ended();
      else socket.once('close', ended);
    });
    if (socket.errored) this.#fail(socket.errored);
    socket
      .on('data', (chunk: Uint8Array) => this.#receive(chunk))
      .on('end', () => this.#endInput())
      .on('error', (error) => this.#fail(error))
      .resume();
    this.#applyOptions();
    this.#send();
  }

  look(): void {
    if (Atomics.exchange(this.#kernel.words, this.#record + SOCKET.CHANGED, 0) === 1) this.#applyOptions();
    this.#refill();
    this.#send();
  }

  /** Sends what is in the ring and says goodbye; resets instead if the guest asked for that. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#rest = undefined;
    closeReader(this.#kernel, incomingRing(this.#record), REACTOR_OWNER);
    closeWriter(this.#kernel, outgoingRing(this.#record), REACTOR_OWNER);
    if (resetsOnClose(this.#kernel, this.#record)) this.#socket.resetAndDestroy();
    this.#socket.resume();
    this.#send();
    await this.#over;
  }

  #applyOptions(): void {
    this.#socket.setNoDelay(flagOf(this.#kernel, this.#record, SocketOption.NO_DELAY));
    this.#socket.setKeepAlive(flagOf(this.#kernel, this.#record, SocketOption.KEEP_ALIVE));
  }

  #receive(chunk: Uint8Array): void {
    // Nobody will read it.
    if (this.#closing) return;
    this.#rest = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#refill();
  }

  /** Puts what was held back into the ring as far as there is room; the guest calls when there is some again. */
  #refill(): void {
    const rest = this.#rest;
    if (!rest || this.#closing) return;
    const { words } = this.#kernel;
    const ring = incomingRing(this.#record);
    let done = fill(this.#kernel, ring, rest);
    if (done < rest.length) {
      Atomics.store(words, this.#record + SOCKET.STALLED, 1);
      // Room that came up before that store was not announced.
      done += fill(this.#kernel, ring, rest.subarray(done));
    }
    if (done > 0) this.#wake(EpollType.IN);
    if (done < rest.length) {
      this.#rest = rest.subarray(done);
      this.#socket.pause();
      return;
    }
    this.#rest = undefined;
    Atomics.store(words, this.#record + SOCKET.STALLED, 0);
    if (this.#inputEnded) this.#endInput();
    else this.#socket.resume();
  }

  #endInput(): void {
    this.#inputEnded = true;
    if (!this.#rest) closeWriter(this.#kernel, incomingRing(this.#record), REACTOR_OWNER);
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
    const errno = errnoOfHostError(error) ?? Errno.IO;
    Atomics.compareExchange(this.#kernel.words, this.#record + SOCKET.ERROR, 0, errno);
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
