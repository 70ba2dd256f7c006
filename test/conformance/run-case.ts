/** Runs one case through the API and compares. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { formatNotice, reportEnd, reportError } from '../../src/cli/messages.js';
import { type Grant, type RunOptions, run } from '../../src/index.js';
import { within } from '../guests.js';
import type { ObservedPool } from '../observed-pool.js';
import type { CaseSpec, FixtureCase } from './cases.js';
import { optionsOfFlags } from './flags.js';

/** What came out, as `wasix-run` would show it. */
export interface Outcome {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** How long a case may take that does not say so itself. */
export const DEADLINE_MS = 10_000;

/** Runs the case; fails with the state of each guest thread when it takes too long. */
export async function runCase({ wasm, folder, spec }: FixtureCase, pool: ObservedPool): Promise<Outcome> {
  const scratch = mkdtempSync(join(tmpdir(), 'wasix-run-case-'));
  const abort = new AbortController();
  const stdin = inputOf(spec);
  try {
    const options: RunOptions = {
      ...grantCopies(spec, folder, scratch),
      args: spec.args ?? [],
      stdin,
      signal: abort.signal,
    };
    return await within(spec.timeout_ms ?? DEADLINE_MS, pool, outcomeOf(wasm, options, pool));
  } catch (error) {
    abort.abort();
    throw error;
  } finally {
    if (stdin instanceof Readable) stdin.destroy();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function inputOf({ stdin, stdin_open: open }: CaseSpec): Readable | { readonly text: string } {
  return open ? new Readable({ read: () => undefined }) : { text: stdin ?? '' };
}

function grantCopies(spec: CaseSpec, folder: string, scratch: string): RunOptions {
  const options = optionsOfFlags(spec.options ?? []);
  const copies = (spec.dirs ?? []).map((name) => {
    const host = join(scratch, name);
    mkdirSync(host);
    cpSync(join(folder, name), host, { recursive: true });
    return { host, guest: name };
  });
  const dirs = [...(options.dirs ?? []), ...copies, ...grantPrograms(spec, folder, scratch)];
  return { ...options, env: { ...options.env, ...spec.env }, dirs };
}

/** A folder of the programs that the guest may start. */
function grantPrograms({ programs }: CaseSpec, folder: string, scratch: string): Grant[] {
  if (!programs) return [];
  const host = join(scratch, 'bin');
  mkdirSync(host, { recursive: true });
  for (const name of programs) copyFileSync(join(folder, name), join(host, name));
  return [{ host, guest: '/bin' }];
}

async function outcomeOf(wasm: string, options: RunOptions, pool: ObservedPool): Promise<Outcome> {
  let notices = '';
  const onNotice = (line: string) => {
    notices += formatNotice(line);
  };
  try {
    const result = await run(wasm, { ...options, onNotice, pool, stdout: 'buffer', stderr: 'string' });
    const { text, status } = reportEnd(result, options.timeout);
    return { status, stdout: result.stdout as Buffer, stderr: `${result.stderr}${notices}${text}` };
  } catch (error) {
    const { text, status } = reportError(error);
    return { status, stdout: Buffer.alloc(0), stderr: text };
  }
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
