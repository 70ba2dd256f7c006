/** What kind of failure kept a program from being started; the CLI's status follows from it (docs/cli.md). */
export type LoadErrorCode =
  /** There is no such file. */
  | 'not-found'
  /** The file is no module that can be run here. */
  | 'not-loadable'
  /** The module cannot be compiled or needs imports that nobody offers. */
  | 'not-linkable'
  /** The machine cannot give what the module asks for. */
  | 'no-resources'
  /** An option does not fit the program or the machine. */
  | 'bad-option';

/**
 * A program could not be started. `message` is one clear line that names the thing; `hint`, where there is one, says
 * what to do about it.
 */
export class LoadError extends Error {
  readonly code: LoadErrorCode;
  readonly hint: string | undefined;

  constructor(code: LoadErrorCode, message: string, hint?: string) {
    super(message);
    this.name = 'LoadError';
    this.code = code;
    this.hint = hint;
  }
}

/** Whether `error` is a LoadError, of this bundle or of another one. */
export function isLoadError(error: unknown): error is LoadError {
  return error instanceof Error && error.name === 'LoadError';
}
