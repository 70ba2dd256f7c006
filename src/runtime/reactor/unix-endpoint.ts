import { connect } from 'node:net';
import { Errno } from '../../abi/errno.js';
import { codeOf, errnoOfHostError } from '../../kernel/files/host-error.js';
import type { SocketPlace } from '../../kernel/files/socket-files.js';
import type { SocketAddress } from '../../kernel/sockets/address.js';
import { fileAt, openFileOf } from './file-identity.js';
import { StreamEndpoint } from './stream-endpoint.js';
import { StreamListener } from './stream-listener.js';

/** Most bytes of a path that the system takes; Node cuts what is longer. */
const MOST_PATH_BYTES = 107;

/**
 * A Unix-domain stream socket of the guests. Making its file is like making any other: that the directory may be written
 * to is decided when the guest's path is resolved (kernel/files/socket-files.ts).
 */
export class UnixEndpoint extends StreamEndpoint {
  /** The socket file, if it has one (unix-sockets.ts). */
  #file: string | undefined;

  protected async bindTo(_address: SocketAddress, place?: SocketPlace): Promise<Errno> {
    const { hostFd, path } = required(place);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const listener = new StreamListener(this.context, this.record);
    try {
      // Bound before `through` comes back. The file stays when the socket is closed, as everywhere.
      await this.context.unixSockets.directory.through(hostFd, (directory) =>
        listener.open({ path: checked(`${directory}/${name}`) }),
      );
      this.#hold(listener, `/proc/self/fd/${hostFd}/${name}`);
      return Errno.SUCCESS;
    } catch (error) {
      return errnoOf(error);
    }
  }

  /**
   * Binds a path of the host, whose file is removed when the socket is closed. Rejects with the system's error.
   */
  async open(path: string): Promise<void> {
    const listener = new StreamListener(this.context, this.record);
    await listener.open({ path: checked(path) });
    this.#hold(listener, path);
  }

  protected async connectTo(_address: SocketAddress, place?: SocketPlace): Promise<Errno> {
    const target = await this.#targetOf(required(place)).catch(errnoOf);
    if (typeof target === 'number') return target;
    await this.dropListener();
    return this.#dial(target);
  }

  protected override async dropListener(): Promise<void> {
    if (this.#file !== undefined) this.context.unixSockets.remove(this.#file);
    this.#file = undefined;
    await super.dropListener();
  }

  /** A listener without a path could not be reached. */
  protected async bindAnywhere(): Promise<Errno> {
    return Errno.INVAL;
  }

  #hold(listener: StreamListener, file: string): void {
    this.holdAddress(listener);
    const { unixSockets } = this.context;
    this.#file = fileAt(file);
    // It was removed at once: nobody can find it.
    if (this.#file === undefined) return;
    let inner: Promise<string> | undefined;
    const open = async () => {
      const path = unixSockets.directory.freshPath();
      await listener.open({ path: checked(path) });
      return path;
    };
    unixSockets.add(this.#file, () => {
      // What could not be had now, for want of descriptors, may be had when somebody asks again.
      inner ??= open().catch((error) => {
        inner = undefined;
        throw error;
      });
      return inner;
    });
  }

  /** The path to connect to; or why that may not be. */
  async #targetOf({ hostFd, path }: SocketPlace): Promise<string | Errno> {
    const { access, unixSockets } = this.context;
    const file = openFileOf(hostFd);
    const inner = unixSockets.find(file);
    if (inner) return inner();
    if (access.mayConnectToPath(path)) return `/proc/self/fd/${hostFd}`;
    if (unixSockets.wasClosed(file)) return Errno.CONNREFUSED;
    access.refusePath(path);
    return Errno.ACCES;
  }

  #dial(path: string): Promise<Errno> {
    return new Promise((resolve) => {
      const socket = connect({ path, allowHalfOpen: true });
      const failed = (error: unknown) => resolve(refusalOf(error));
      socket.once('error', failed).once('connect', () => {
        socket.off('error', failed);
        this.begin(socket);
        resolve(Errno.SUCCESS);
      });
    });
  }
}

function required(place: SocketPlace | undefined): SocketPlace {
  if (!place) throw new Error('a call on a Unix-domain socket says no place');
  return place;
}

function checked(path: string): string {
  if (Buffer.byteLength(path) <= MOST_PATH_BYTES) return path;
  throw Object.assign(new Error(`${path}: longer than ${MOST_PATH_BYTES} bytes`), { code: 'ENAMETOOLONG' });
}

function errnoOf(error: unknown): Errno {
  return errnoOfHostError(error) ?? Errno.IO;
}

/** Where as many wait as may, Linux says AGAIN to who does not block, as Node does not. */
function refusalOf(error: unknown): Errno {
  return codeOf(error) === 'EAGAIN' ? Errno.CONNREFUSED : errnoOf(error);
}
