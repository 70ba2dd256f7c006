/** What the user asks for. */
import type { RunOptions } from '../api/options.js';
import { LoadError } from '../runtime/load-error.js';

/** Run a module. */
export interface RunRequest {
  readonly kind: 'run';
  readonly module: string;
  /** Arguments of the guest. */
  readonly args: readonly string[];
  /** Such of the API's options as were given. */
  readonly options: RunOptions;
  /** Compile all of a module with threads by the optimizing compiler, however long that takes. */
  readonly optimize: boolean;
  readonly trace: boolean;
  readonly stats: boolean;
}

/** Say what a module needs. */
export interface InspectRequest {
  readonly kind: 'inspect';
  readonly module: string;
}

/** Print a text: the help or the version. */
export interface PrintRequest {
  readonly kind: 'print';
  readonly text: string;
}

export type Request = RunRequest | InspectRequest | PrintRequest;

/** The one subcommand; a module of this name is run as ./inspect, or behind `--`. */
export const INSPECT = 'inspect';

/** The error of a command line without a module. */
export function missingModule(): LoadError {
  return new LoadError(
    'bad-option',
    'no module given',
    'wasix-run [options] <module.wasm> [args...]; see wasix-run --help',
  );
}
