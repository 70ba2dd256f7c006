import type { SocketAddress } from '../../kernel/sockets/address.js';
import type { NetPolicy } from '../network-policy.js';

/** What the reactor is started with. */
export interface ReactorStart {
  readonly kernel: WebAssembly.Memory;
  readonly policy: NetPolicy;
  /** Directories of the host that the programs may write to. */
  readonly writable: readonly string[];
}

/** What the host tells the reactor: to end all sockets in good order and then itself, to end now, to open a listener. */
export type ReactorOrder = 'finish' | 'end' | Offer;

/** A listener that the host hands to the program, by its record in kernel memory. */
export interface Offer {
  readonly record: number;
  /** Of an internet listener. */
  readonly address: SocketAddress | undefined;
  /** Host path of a Unix-domain listener. */
  readonly path: string | undefined;
}

/** What the reactor tells the host: a line for the operator, or how the opening of a listener went. */
export type ReactorMessage = { readonly notice: string } | Offered;

export interface Offered {
  /** The listener's. */
  readonly record: number;
  /** Code and text of the system's error; undefined when the listener is open. */
  readonly failure: { readonly code: string | undefined; readonly message: string } | undefined;
}
