/** What the reactor has for each socket of the guests; one class for each socket type. */
import type { Errno } from '../../abi/errno.js';
import type { SocketPlace } from '../../kernel/files/socket-files.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import type { SocketAddress } from '../../kernel/sockets/address.js';
import type { NetworkAccess } from './network-access.js';
import type { Unaccepted } from './unaccepted.js';
import type { UnixSockets } from './unix-sockets.js';

/** The real socket behind a record of kernel/sockets. Operations answer an errno and come one after the other. */
export interface Endpoint {
  /** @param place of the socket file, for a Unix-domain socket */
  bind(address: SocketAddress, place?: SocketPlace): Promise<Errno>;
  listen(backlog: number): Promise<Errno>;
  /** Begins to connect: the outcome is told by the record's state. A Unix-domain socket is connected when it answers. */
  connect(address: SocketAddress, place?: SocketPlace): Promise<Errno>;
  /** Something about the record has changed: bytes to send, room for more, options. */
  look(): void;
  /** Sends what is left to send and ends. Resolves when nothing of the socket is left but its record. */
  close(): Promise<void>;
}

/** What the endpoints of a run share. */
export interface EndpointContext {
  readonly kernel: KernelMemory;
  readonly access: NetworkAccess;
  readonly unixSockets: UnixSockets;
  readonly unaccepted: Unaccepted;
}
