/**
 * The socket files that programs of the run have bound, by inode: connecting to these needs no grant. A connection to one
 * does not go by way of the file but to a second address of its listener, which only the reactor knows: whatever a
 * program puts in the place of its file, it reaches nobody but its own listener.
 */
import { PrivateDirectory } from './private-directory.js';

/** Files of sockets that are closed, of which is remembered that they were the run's own. */
const MOST_CLOSED = 1024;

/** Answers the path of a listener's second address, which is opened when it is first asked for. */
export type InnerAddress = () => Promise<string>;

export class UnixSockets {
  readonly directory: PrivateDirectory;
  readonly #open = new Map<string, InnerAddress>();
  readonly #closed = new Set<string>();

  /** @param writable directories of the host that the programs may write to */
  constructor(writable: readonly string[]) {
    this.directory = new PrivateDirectory(writable);
  }

  add(file: string, inner: InnerAddress): void {
    this.#open.set(file, inner);
  }

  remove(file: string): void {
    if (!this.#open.delete(file)) return;
    this.#closed.add(file);
    if (this.#closed.size <= MOST_CLOSED) return;
    for (const oldest of this.#closed) {
      this.#closed.delete(oldest);
      return;
    }
  }

  /** How to reach the listener that has the file; undefined when it is none of this run. */
  find(file: string): InnerAddress | undefined {
    return this.#open.get(file);
  }

  /** Whether the file was that of a socket of this run, which is closed: nobody can be reached by it. */
  wasClosed(file: string): boolean {
    return this.#closed.has(file);
  }
}
