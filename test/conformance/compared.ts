/** What a case says must come out, against what came out. */
import type { CaseSpec } from './cases.js';

/** What came out, as `wasix-run` would show it. */
export interface Outcome {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function sortLines(text: string): string {
  return text.split('\n').sort().join('\n');
}

/** The parts of what came out that the case speaks of, and what it says of them: to be compared as wholes. */
export function compared(
  spec: CaseSpec,
  { status, stdout, stderr }: Outcome,
): { found: object; expected: object } {
  const shape = spec.stdout_lines_sorted ? sortLines : (text: string) => text;
  const statuses = spec.exit_code_any ?? [spec.exit_code ?? 0];
  const found: Record<string, unknown> = { status };
  const expected: Record<string, unknown> = { status: statuses.includes(status) ? status : statuses };
  const compare = (key: string, value: unknown, wanted: unknown) => {
    found[key] = value;
    expected[key] = wanted;
  };
  if (spec.stdout !== undefined) compare('stdout', shape(stdout.toString()), shape(spec.stdout));
  else if (found.status !== expected.status) found.stdout = stdout.subarray(0, 2000).toString();
  if (spec.stdout_bytes !== undefined) compare('stdoutBytes', stdout.length, spec.stdout_bytes);
  if (spec.stderr !== undefined) compare('stderr', stderr, spec.stderr);
  const missing = (spec.stderr_contains ?? []).filter((text) => !stderr.includes(text));
  compare('stderrLacks', missing.length > 0 ? { missing, stderr } : undefined, undefined);
  return { found, expected };
}
