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

/** The one subcommand; a module of this name is run as ./inspect. */
export const INSPECT = 'inspect';

/**
 * Understands the command line, without the names of Node and the script. Throws LoadError for options that are wrong.
 */
export async function readCommandLine(argv: readonly string[]): Promise<Request> {
  const [first, ...rest] = argv;
  if (first === undefined || first === '') throw missingModule();
  // Everything after the module is the guest's: without an option before it there is nothing to parse, and the
  // parser, which takes some milliseconds to load, is left alone.
  if (!first.startsWith('-') && first !== INSPECT) {
    return { kind: 'run', module: first, args: rest, options: {}, trace: false, stats: false };
  }
  const { parseCommandLine } = await import('./parser.js');
  return parseCommandLine(argv);
}

/** The error of a command line without a module. */
export function missingModule(): LoadError {
  return new LoadError(
    'bad-option',
    'no module given',
    'wasix-run [options] <module.wasm> [args...]; see wasix-run --help',
  );
}
