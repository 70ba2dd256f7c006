/** What the CLI says on stderr, and the status it ends with (docs/cli.md). */
import type { RunEnd } from '../runtime/end-status.js';
import { isLoadError, type LoadErrorCode } from '../runtime/load-error.js';
import { formatDuration } from './quantities.js';

const NAME = 'wasix-run';

/** Status of a fault of the runtime itself, EX_SOFTWARE of sysexits(3). */
const FAULT_STATUS = 70;

const LOAD_STATUS: Readonly<Record<LoadErrorCode, number>> = {
  'not-found': 127,
  'not-loadable': 126,
  'not-linkable': 126,
  'no-resources': 126,
  'bad-option': 2,
};

/** What to print, empty for nothing, and the status to end with. */
export interface Report {
  readonly text: string;
  readonly status: number;
}

/** One remark of the runtime as a line. */
export function formatNotice(remark: string): string {
  return `${NAME}: ${remark}\n`;
}

/** Why a program could not be started. Anything but a LoadError is a fault of ours and comes with its stack. */
export function reportError(error: unknown): Report {
  if (!isLoadError(error)) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
    return { text: formatNotice(`internal error: ${message}`) + indent(frames), status: FAULT_STATUS };
  }
  const hint = error.hint === undefined ? '' : `  hint: ${error.hint}\n`;
  return { text: formatNotice(error.message) + hint, status: LOAD_STATUS[error.code] };
}

/** How a program ended. Exits and signals are silent, as in a shell. */
export function reportEnd(end: RunEnd, timeout: number | undefined): Report {
  return { text: describeEnd(end, timeout), status: end.exitCode };
}

function describeEnd({ reason, tid, message, stack }: RunEnd, timeout: number | undefined): string {
  switch (reason) {
    case 'exit':
    case 'signal':
      return '';
    case 'timeout':
      return formatNotice(`time limit of ${formatDuration(timeout ?? 0)} reached`);
    case 'trap':
      return formatNotice(`thread ${tid} trapped: ${message}`) + indentStack(stack);
    case 'fault':
      return formatNotice(`${tid === 0 ? '' : `thread ${tid}: `}${message}`) + indentStack(stack);
  }
}

function indentStack(stack: string | undefined): string {
  return indent(stack ? stack.split('\n') : []);
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `    ${line.trim()}\n`).join('');
}
