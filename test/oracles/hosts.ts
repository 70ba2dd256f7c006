/** The hosts that are compared: each runs a script of calls on a tree and tells what the interpreter answered. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/index.js';
import { guest, guestPath, within } from '../guests.js';
import { ObservedPool } from '../observed-pool.js';
import { type Answer, type Call, decode, encode } from './calls.js';
import { granted, type Tree, UNPRIVILEGED } from './tree.js';

const INTERPRETER = 'oracle/interpreter';
const DEADLINE_MS = 15_000;
/** All that a script does takes milliseconds. */
const HANG_MS = 500;

export interface Host {
  readonly name: string;
  perform(calls: readonly Call[], tree: Tree): Promise<Answer[]>;
  dispose(): Promise<void>;
}

/** Closes what a script left open: `node:wasi` would keep it until it is collected. */
const closing: readonly Call[] = Array.from({ length: 60 }, (_, i) => ({
  call: 'fd_close',
  numbers: [i + 3],
  texts: [],
}));

export class OurHost implements Host {
  readonly name = 'wasix-run';
  readonly #pool = new ObservedPool({ name: 'oracle' });

  async perform(calls: readonly Call[], tree: Tree): Promise<Answer[]> {
    const result = run(guest(INTERPRETER), {
      dirs: granted.map((name) => ({ host: join(tree.base, name), guest: `/${name}` })),
      stdin: encode(calls),
      stdout: 'buffer',
      stderr: 'string',
      pool: this.#pool,
    });
    const { exitCode, stdout } = await within(DEADLINE_MS, this.#pool, result);
    if (exitCode !== 0) throw new Error(`the interpreter ended with ${exitCode} on ${this.name}`);
    return decode(stdout as Buffer);
  }

  async dispose(): Promise<void> {
    await this.#pool.shutdownJoin(1000);
  }
}

function streamsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wasix-run-oracle-streams-'));
  for (const name of ['in', 'out']) writeFileSync(join(folder, name), '');
  if (process.getuid?.() === 0) {
    for (const path of [folder, join(folder, 'in'), join(folder, 'out')])
      chownSync(path, UNPRIVILEGED, UNPRIVILEGED);
  }
  return folder;
}

/**
 * A host in a process of its own: some of uvwasi's errors leave a lock held, and the next call waits for ever. One that
 * `breaks` ends a script with an exception of its own at some calls; then, too, the answers end with the call before.
 */
class ChildHost implements Host {
  readonly name: string;
  readonly #script: string;
  readonly #breaks: boolean;
  readonly #folder = streamsFolder();
  #child: ChildProcess | undefined;

  constructor(name: string, script: string, breaks = false) {
    this.name = name;
    this.#breaks = breaks;
    this.#script = fileURLToPath(new URL(script, import.meta.url));
  }

  async perform(calls: readonly Call[], tree: Tree): Promise<Answer[]> {
    const [input, output] = [join(this.#folder, 'in'), join(this.#folder, 'out')];
    writeFileSync(input, encode([...calls, ...closing]));
    writeFileSync(output, '');
    const preopens = Object.fromEntries(granted.map((name) => [`/${name}`, join(tree.base, name)]));
    const status = await this.#run({ preopens, input, output });
    const isEarly = status === 'hangs' || (this.#breaks && typeof status === 'string');
    if (status !== 0 && !isEarly) throw new Error(`the interpreter ended with ${status} on ${this.name}`);
    return decode(readFileSync(output)).slice(0, calls.length);
  }

  async dispose(): Promise<void> {
    this.#child?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #start(): ChildProcess {
    const identity = process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
    return fork(this.#script, [guestPath(INTERPRETER)], { execArgv: ['--no-warnings'], ...identity });
  }

  /** The exit status, or that a call never comes back: then the answers end with the call before. */
  async #run(message: object): Promise<unknown> {
    this.#child ??= this.#start();
    const child = this.#child;
    const answer = once(child, 'message');
    child.send(message);
    const late = new AbortController();
    const hung = pause(HANG_MS, 'hangs', { signal: late.signal }).catch(() => 'aborted');
    const first = await Promise.race([answer.then(([status]) => status as unknown), hung]);
    late.abort();
    if (first === 'hangs') {
      child.kill('SIGKILL');
      this.#child = undefined;
    }
    return first;
  }
}

export const nodeWasiHost = (): Host => new ChildHost('node:wasi', 'node-wasi-child.mjs');

export const wasmerWasiHost = (): Host => new ChildHost('@wasmer/wasi', 'wasmer-wasi-child.mjs', true);

/** Why `@wasmer/wasi` cannot be compared with; undefined when it is installed. */
export function wasmerWasiMissing(): string | undefined {
  const folder = fileURLToPath(new URL('node_modules/@wasmer/wasi', import.meta.url));
  return existsSync(folder) ? undefined : 'npm ci in test/oracles installs it';
}
