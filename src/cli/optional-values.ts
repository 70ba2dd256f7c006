/**
 * Options whose value may be left out take it after `=` only: `--net app.wasm` names a module. The parser would take what
 * follows for the value.
 */
import type { Option } from 'commander';

/** The command line with `--net` written as `--net=`, up to the module. */
export function withEmptyValues(argv: readonly string[], options: readonly Option[]): string[] {
  const spelled: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at]!;
    // From here on everything is the program's.
    if (argument === '-' || argument === '--' || !argument.startsWith('-'))
      return [...spelled, ...argv.slice(at)];
    const option = options.find(({ short, long }) => argument === short || argument === long);
    // The parser calls every option with a `[` in its value's name optional, required ones too.
    spelled.push(option?.optional && !option.required ? `${argument}=` : argument);
    if (option?.required && at + 1 < argv.length) spelled.push(argv[++at]!);
  }
  return spelled;
}
