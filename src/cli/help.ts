/** The text of `--help`: one screen of 80 by 24. */

import { optionGroups } from './option-table.js';
import { INSPECT } from './request.js';

const TEXT_COLUMN = 28;

/** The help, with a final newline. */
export function formatHelp(): string {
  const lines = [`wasix-run [options] <module.wasm> [args...] or wasix-run ${INSPECT} <module.wasm>`];
  for (const [subject, entries] of Object.entries(optionGroups)) {
    lines.push(`${subject}:`);
    for (const { flags, text, beside } of entries) {
      const shown = flags.replace(/[<>]/g, '');
      if (beside) lines.push(`${lines.pop()}  ${shown}  ${text}`);
      else lines.push(row(shown, text));
    }
  }
  lines.push(
    row('-h, --help, -V, --version', 'show this, show the version'),
    "Status: the program's; 124 time limit, 126 cannot run, 127 not found, 134 trap",
  );
  return `${lines.join('\n')}\n`;
}

function row(flags: string, text: string): string {
  return `  ${flags.padEnd(TEXT_COLUMN - 2)}${text}`;
}
