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
import type { Outcome } from './compared.js';
import { optionsOfFlags } from './flags.js';

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
