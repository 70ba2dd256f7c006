import type { NetPolicy } from '../network-policy.js';

/** What the reactor is started with. */
export interface ReactorStart {
  readonly kernel: WebAssembly.Memory;
  readonly policy: NetPolicy;
}

/** What the host tells the reactor: to end all sockets in good order and then itself, or to end now. */
export type ReactorOrder = 'finish' | 'end';

/** What the reactor tells the host: a line for the operator. */
export interface ReactorMessage {
  readonly notice: string;
}
