/** What kind of trouble a file is in, for callers that choose an exit status or a remedy by it. */
export type ModuleErrorCode =
  | 'not-wasm'
  | 'truncated'
  | 'component'
  | 'malformed'
  | 'text-format'
  | 'unsupported';

/**
 * A file that cannot be used as a WebAssembly module.
 *
 * `message` is one line without a subject, so that the caller can put the file's name in front of it:
 * `app.wasm: is a WebAssembly component; wasix-run runs core modules`. `problem` and `hint` are its two halves.
 */
export class ModuleError extends Error {
  override readonly name = 'ModuleError';
  readonly code: ModuleErrorCode;
  /** What is wrong, as a predicate: `is empty`. */
  readonly problem: string;
  /** What to do about it. */
  readonly hint: string;

  constructor(code: ModuleErrorCode, problem: string, hint: string) {
    super(`${problem}; ${hint}`);
    this.code = code;
    this.problem = problem;
    this.hint = hint;
  }
}

/** A module that ends in the middle of something. */
export function truncated(what: string): ModuleError {
  return new ModuleError('truncated', `ends in the middle of ${what}`, 'copy or build the file again');
}

/** A module whose bytes contradict the binary format. `at` is the byte offset in the file. */
export function malformed(what: string, at: number): ModuleError {
  return new ModuleError(
    'malformed',
    `is damaged: ${what} at byte ${at}`,
    'build it again, or see what a validator such as wasm-validate says',
  );
}
