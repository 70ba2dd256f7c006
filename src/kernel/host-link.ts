import type { EndKind } from './processes/process-record.js';

/** What guest threads tell the host thread of their run. Posted, never awaited. */
export type HostMessage =
  /** The process has decided to end; `report` explains a trap or a fault. */
  | { readonly type: 'ended'; readonly process: number; readonly report: EndReport | undefined }
  /** A stream needs the host: to be started, drained, filled or resumed. */
  | { readonly type: 'stream'; readonly stream: number }
  /** The main thread calls a function of the API's caller and waits for the answer in block `call`. */
  | {
      readonly type: 'import';
      readonly module: string;
      readonly name: string;
      readonly args: readonly (number | bigint)[];
      readonly call: number;
    }
  /** One line of `--trace`. */
  | { readonly type: 'trace'; readonly text: string }
  /** One line for the operator, such as the hint of a refused spawn. */
  | { readonly type: 'notice'; readonly text: string };

/** Why a process ended by a trap, an uncaught exception or an internal error. */
export interface EndReport {
  readonly kind: EndKind;
  readonly tid: number;
  readonly message: string;
  readonly stack: string;
}

/** The way from a guest thread to its host thread. */
export interface HostLink {
  post(message: HostMessage): void;
}
