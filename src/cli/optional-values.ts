/**
 * Options whose value may be left out take it after `=` only: `--net app.wasm` names a module. The parser would take what
 * follows for the value.
 */
import type { Option } from 'commander';

/** A command line in two. */
export interface SplitCommandLine {
  /** The options, `--net` written as `--net=`. */
  readonly options: readonly string[];
  /** From the module or subcommand on, or from the `--` before the module. */
  readonly rest: readonly string[];
}

/** Splits the command line where its options end. */
export function splitCommandLine(argv: readonly string[], known: readonly Option[]): SplitCommandLine {
  const options: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at]!;
    // From here on everything is the program's.
    if (argument === '-' || argument === '--' || !argument.startsWith('-'))
      return { options, rest: argv.slice(at) };
    const option = known.find(({ short, long }) => argument === short || argument === long);
    // The parser calls every option with a `[` in its value's name optional, required ones too.
    options.push(option?.optional && !option.required ? `${argument}=` : argument);
    if (option?.required && at + 1 < argv.length) options.push(argv[++at]!);
  }
  return { options, rest: [] };
}
