import type { EndKind } from './processes/process-record.js';

/** What guest threads tell the host thread of their run. Posted, never awaited. */
export type HostMessage =
  /** The process has decided to end; `report` explains a trap or a fault. */
  | {
      readonly type: 'ended';
      readonly process: number;
      readonly pid: number;
      /** The program it was running (PROCESS.SERIAL). */
      readonly serial: number;
      readonly report: EndReport | undefined;
    }
  /** A process begins to run a program; `image` is the runtime's (runtime/image.ts), `worker` has it already, −1 none. */
  | { readonly type: 'process'; readonly image: unknown; readonly worker: number }
  /** The worker has a task of the program with this serial number, which it does not know. */
  | { readonly type: 'need'; readonly serial: number; readonly worker: number }
  /** The thread with `record` waits on guest memory that the sender does not have; it is to look at its signals. */
  | { readonly type: 'nudge'; readonly record: number }
  /** The process has set or taken back an interval timer (signals/interval-timers.ts). */
  | { readonly type: 'timers'; readonly process: number }
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
  /** The first call that needs a real socket: the reactor is to be started. */
  | { readonly type: 'reactor' }
  /** A thread looks at the terminal, or changes it, and waits for the answer in block `call` (terminal.ts). */
  | { readonly type: 'terminal'; readonly change: TerminalChange | undefined; readonly call: number }
  /** One line of `--trace`. */
  | { readonly type: 'trace'; readonly text: string }
  /** One line for the operator, such as the hint of a refused spawn. */
  | { readonly type: 'notice'; readonly text: string };

/** What `tty_set` changes of the terminal, in the words of kernel/terminal.ts. */
export interface TerminalChange {
  readonly modes: number | undefined;
  readonly window: { readonly size: number; readonly pixels: number } | undefined;
}

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
