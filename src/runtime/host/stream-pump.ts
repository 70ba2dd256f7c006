/**
 * The host's end of the streams of kernel/streams: moves bytes between rings and Node streams on the event loop.
 *
 * A pump works when a guest thread has called (`serve`) and whenever Node has bytes or room. Bytes for a sink leave
 * the ring only when Node has written them, so that a guest that waits for its ring to drain knows they are out.
 */
import type { Readable, Writable } from 'node:stream';
import { Errno } from '../../abi/errno.js';
import { errnoOfHostError } from '../../kernel/files/host-error.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import {
  available,
  closeStream,
  consume,
  peek,
  push,
  RING_BYTES,
  room,
  STREAM,
  wakeReaders,
} from '../../kernel/streams/stream.js';

export interface StreamPump {
  readonly stream: number;
  /** Looks for work; the call that a guest's message leads to. */
  serve(): void;
  /** Resolves when everything the guest has put into the stream is written, or cannot be any more. */
  flush(): Promise<void>;
  /** Lets go of the Node stream. */
  close(): void;
}

/** Moves a guest's output to `open()`, which is asked for at the first byte. */
export class OutputPump implements StreamPump {
  readonly stream: number;
  readonly #kernel: KernelMemory;
  readonly #open: () => Writable;
  readonly #dispose: (sink: Writable) => void;
  #sink: Writable | undefined;
  #writing = false;
  #closed = false;
  #waiters: (() => void)[] = [];
  readonly #onError = (error: unknown) => this.#fail(error);
  readonly #onClose = () => this.#fail(undefined);

  constructor(kernel: KernelMemory, stream: number, open: () => Writable, dispose: (sink: Writable) => void) {
    this.#kernel = kernel;
    this.stream = stream;
    this.#open = open;
    this.#dispose = dispose;
  }

  serve(): void {
    if (this.#writing) return;
    const { words } = this.#kernel;
    const chunk = new Uint8Array(Math.min(available(this.#kernel, this.stream), RING_BYTES));
    if (chunk.length === 0) {
      Atomics.store(words, this.stream + STREAM.HOST, 0);
      // A byte that came after the look above but before the store was not announced.
      if (
        available(this.#kernel, this.stream) > 0 &&
        Atomics.exchange(words, this.stream + STREAM.HOST, 1) === 0
      ) {
        return this.serve();
      }
      return this.#settle();
    }
    peek(this.#kernel, this.stream, chunk);
    this.#writing = true;
    try {
      this.#sinkOf().write(chunk, (error) => this.#written(chunk.length, error));
    } catch (error) {
      // A sink of the caller's that throws. That is the caller's to hear of, but the run must be able to end.
      this.#writing = false;
      this.#fail(error);
      throw error;
    }
  }

  flush(): Promise<void> {
    if (this.#isDone()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      this.serve();
    });
  }

  close(): void {
    this.#settle();
    const sink = this.#sink;
    if (!sink) return;
    sink.off('close', this.#onClose);
    this.#dispose(sink);
    this.#closed = true;
    // The error of a write that is not over must not become an uncaught exception of ours.
    if (!this.#writing) sink.off('error', this.#onError);
  }

  #isDone(): boolean {
    const { words } = this.#kernel;
    return (
      (!this.#writing && available(this.#kernel, this.stream) === 0) ||
      words[this.stream + STREAM.CLOSED] === 1
    );
  }

  #sinkOf(): Writable {
    if (!this.#sink) {
      this.#sink = this.#open();
      this.#sink.on('error', this.#onError);
      this.#sink.on('close', this.#onClose);
    }
    return this.#sink;
  }

  #written(count: number, error: Error | null | undefined): void {
    this.#writing = false;
    if (error) return this.#fail(error);
    if (this.#closed) this.#sink?.off('error', this.#onError);
    consume(this.#kernel, this.stream, count);
    wakeReaders(this.#kernel, this.stream);
    this.serve();
  }

  #fail(error: unknown): void {
    if (this.#kernel.words[this.stream + STREAM.CLOSED] === 1) return;
    closeStream(this.#kernel, this.stream, errnoOfHostError(error) ?? Errno.PIPE);
    this.#settle();
  }

  #settle(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }
}

/** Moves bytes of `open()` to the guest, from its first read on. */
export class InputPump implements StreamPump {
  readonly stream: number;
  readonly #kernel: KernelMemory;
  readonly #open: () => Readable;
  readonly #dispose: (source: Readable) => void;
  #source: Readable | undefined;
  /** What the source has given and the ring had no room for: a stream of objects or text gives what it likes. */
  #rest: Uint8Array = NOTHING;
  #ended = false;
  readonly #onReadable = () => this.#fill();
  /** Node tells of an end twice: that no more bytes come, and that the stream is closed. */
  readonly #onEnd = () => {
    if (!this.#ended) this.#end();
  };
  readonly #onError = (error: unknown) => this.#close(errnoOfHostError(error) ?? Errno.IO);

  constructor(
    kernel: KernelMemory,
    stream: number,
    open: () => Readable,
    dispose: (source: Readable) => void,
  ) {
    this.#kernel = kernel;
    this.stream = stream;
    this.#open = open;
    this.#dispose = dispose;
  }

  serve(): void {
    if (this.#ended && this.#kernel.words[this.stream + STREAM.CLOSED] === 0) this.#leave();
    if (this.#source) this.#fill();
    else this.#start();
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    const source = this.#source;
    if (!source) return;
    this.#unlisten(source);
    const left = new Uint8Array(available(this.#kernel, this.stream));
    peek(this.#kernel, this.stream, left);
    // What the guest did not read belongs to who reads this stream next.
    const unread = Buffer.concat([left, this.#rest]);
    if (unread.length > 0 && !source.readableEnded && !source.destroyed) source.unshift(unread);
    this.#dispose(source);
  }

  #unlisten(source: Readable): void {
    source
      .off('readable', this.#onReadable)
      .off('end', this.#onEnd)
      .off('close', this.#onEnd)
      .off('error', this.#onError);
  }

  /** The guest has read the end of file and reads on, where that can be: the next source is to be opened. */
  #leave(): void {
    const source = this.#source;
    if (!source || this.#rest.length > 0) return;
    this.#ended = false;
    this.#source = undefined;
    this.#unlisten(source);
    this.#dispose(source);
  }

  #start(): void {
    const source = this.#open();
    this.#source = source;
    source
      .on('readable', this.#onReadable)
      .on('end', this.#onEnd)
      .on('close', this.#onEnd)
      .on('error', this.#onError);
    if (source.errored) this.#onError(source.errored);
    else if (source.readableEnded || source.destroyed) this.#end();
    else this.#fill();
  }

  /** The source has ended; the guest sees that when it has read the rest. */
  #end(): void {
    this.#ended = true;
    if (this.#rest.length === 0) this.#close(0);
  }

  #close(errno: number): void {
    if (this.#kernel.words[this.stream + STREAM.CLOSED] === 1) return;
    closeStream(this.#kernel, this.stream, errno);
  }

  #fill(): void {
    let moved = false;
    let starved = false;
    while (!starved && room(this.#kernel, this.stream) > 0) {
      if (this.#rest.length === 0) this.#rest = this.#next();
      starved = this.#rest.length === 0;
      this.#rest = this.#rest.subarray(push(this.#kernel, this.stream, this.#rest));
      moved ||= !starved;
    }
    if (moved) wakeReaders(this.#kernel, this.stream);
    if (this.#ended) this.#end();
    // A starved pump goes on when the source has bytes; one that came to a full ring, when the guest calls.
    if (!starved) this.#awaitCall();
  }

  /** The ring is full: the guest's next read makes room and, seeing 0 in HOST, calls. */
  #awaitCall(): void {
    const { words } = this.#kernel;
    const host = this.stream + STREAM.HOST;
    Atomics.store(words, host, 0);
    // A read that came after the look at the room but before the store did not call.
    if (room(this.#kernel, this.stream) > 0 && Atomics.exchange(words, host, 1) === 0) this.#fill();
  }

  /** The source's next bytes; none if it has none now. */
  #next(): Uint8Array {
    const source = this.#source!;
    const space = room(this.#kernel, this.stream);
    const size = source.readableObjectMode ? undefined : Math.min(space, source.readableLength || 1);
    const chunk: unknown = source.read(size);
    if (chunk === null) return NOTHING;
    if (typeof chunk === 'string') return Buffer.from(chunk, source.readableEncoding ?? 'utf8');
    if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    // A stream of objects. The guest gets an error, and whoever listens to the stream hears why.
    source.destroy(
      new TypeError(`stdin takes bytes and text, but the stream gave a value of type ${typeof chunk}`),
    );
    return NOTHING;
  }
}

const NOTHING = new Uint8Array(0);
