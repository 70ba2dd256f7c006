/**
 * A connected socket of Node's that reads into memory of ours and stops reading at once when told to. Node has both
 * (`onread`), but not for the sockets that a server accepts; so the system's socket behind any of them, which Node calls its
 * handle, is given to a new `Socket`. That property is not documented, and all of its use is here.
 */
import { Socket, type SocketConstructorOpts } from 'node:net';

/** What Node has beneath a socket. `fd` is -1 or missing where the system has no such numbers (Windows). */
interface Handle {
  readonly fd?: number;
}

/** Who reads from the socket. */
export interface RawReader {
  /** Where the bytes of the next read go; not empty. Asked before the first read and after each `received`. */
  buffer(): Uint8Array;
  /** So many bytes have come. False stops reading, until `resume`. */
  received(count: number): boolean;
  /** The system's descriptor is about to be closed, and its number to be used again. */
  closing(): void;
}

function handleOf(socket: Socket): Handle | null {
  return (socket as unknown as { _handle: Handle | null })._handle;
}

/** What is to be told before the system's sockets are closed, also where the reactor ends by a fault of its own. */
const open = new Set<() => void>();
process.on('exit', () => {
  for (const closing of open) closing();
});

/** Takes the socket of the system over from `connected`, which was not yet read from and is gone then. */
export class RawSocket extends Socket {
  /** The system's number of it; undefined where there is none. */
  readonly descriptor: number | undefined;
  readonly #closing: () => void;

  constructor(connected: Socket, reader: RawReader) {
    const handle = handleOf(connected);
    if (!handle) throw new Error('the socket is closed, or this version of Node keeps its handle elsewhere');
    const options = {
      handle,
      allowHalfOpen: true,
      manualStart: true,
      onread: { buffer: () => reader.buffer(), callback: (count: number) => reader.received(count) },
    };
    // Types know neither `handle` nor that `buffer` may be a function.
    super(options as unknown as SocketConstructorOpts);
    this.#closing = () => reader.closing();
    open.add(this.#closing);
    this.descriptor = handle.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined;
    (connected as unknown as { _handle: Handle | null })._handle = null;
    connected.destroy();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#closing();
    open.delete(this.#closing);
    super._destroy(error, callback);
  }
}
