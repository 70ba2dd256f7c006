/**
 * What a caller and its supervisor say to each other.
 *
 * The caller sends orders through a port, the supervisor answers through it, and adds 1 to ANSWERS after each message,
 * so that a caller may wait for it on its thread and then read the port. Who waits: only the caller, and only in
 * `runSync`. The supervisor never waits for the caller.
 */
import type { MessagePort } from 'node:worker_threads';
import type { RunResult } from '../runtime/host/run-result.js';
import type { LoadedParts } from '../runtime/load.js';
import { isLoadError, LoadError, type LoadErrorCode } from '../runtime/load-error.js';
import type { RunOptions } from './options.js';

/** What a supervisor is created with. */
export interface SupervisorStart {
  readonly port: MessagePort;
  /** Shared, see `SupervisorWord`. */
  readonly words: Int32Array;
}

/**
 * STATE is `SupervisorState`, ANSWERS counts messages and changes of STATE, THREAD is the number that the system has for
 * the supervisor's thread, 0 if not known; the supervisor writes them.
 */
export const SupervisorWord = { STATE: 0, ANSWERS: 1, THREAD: 2, COUNT: 3 } as const;

export const SupervisorState = { BOOTING: 0, SERVING: 1, GONE: 2 } as const;

/** A module that is given by its path, its bytes, compiled, or loaded. */
export type SentSource =
  | { readonly source: string | Uint8Array | WebAssembly.Module }
  | { readonly loaded: LoadedParts };

/** Options that are data. */
export type SentOptions = Omit<
  RunOptions,
  'imports' | 'onNotice' | 'pool' | 'signal' | 'supervisor' | 'threadImports'
> & { readonly threadImports?: string };

/** What the supervisor is told. */
export type Order =
  | {
      readonly type: 'run';
      readonly id: number;
      readonly program: SentSource;
      readonly options: SentOptions;
      /** Whether remarks are answered, instead of written to stderr. */
      readonly notices: boolean;
    }
  /** The run is to end as by SIGTERM. */
  | { readonly type: 'stop'; readonly id: number };

/** What the supervisor answers about a run; nothing comes after its outcome. */
export type Answer = { readonly id: number } & ({ readonly notice: string } | { readonly outcome: Outcome });

export type Outcome = { readonly result: RunResult } | { readonly failure: Failure };

/** Why there is no result: a LoadError, in its parts, for only the errors of the language can be sent whole. */
export type Failure =
  | { readonly code: LoadErrorCode; readonly message: string; readonly hint: string | undefined }
  | { readonly error: Error };

export function failureOf(error: unknown): Failure {
  if (isLoadError(error)) return { code: error.code, message: error.message, hint: error.hint };
  return { error: error instanceof Error ? error : new Error(String(error)) };
}

/** The result; throws the error that is there instead. */
export function resultOf(outcome: Outcome): RunResult {
  if ('result' in outcome) {
    const { stdout, stderr, ...rest } = outcome.result;
    return { ...rest, stdout: received(stdout), stderr: received(stderr) };
  }
  const { failure } = outcome;
  throw 'error' in failure ? failure.error : new LoadError(failure.code, failure.message, failure.hint);
}

/** A Buffer arrives as a bare array of bytes. */
function received(output: string | Uint8Array | undefined): string | Buffer | undefined {
  if (!(output instanceof Uint8Array)) return output;
  return Buffer.from(output.buffer, output.byteOffset, output.byteLength);
}
