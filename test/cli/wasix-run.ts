/** The built CLI as a child process, with a deadline of its own so that a hang is a failure that shows its output. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const cliPath = fileURLToPath(new URL('../../dist/wasix-run.cjs', import.meta.url));
export const fixturesPath = fileURLToPath(new URL('../../fixtures', import.meta.url));

/** Path of a guest program, such as `ends/trap`. */
export function fixture(name: string): string {
  return `${fixturesPath}/${name}.wasm`;
}

export interface Outcome {
  /** Null when a signal ended the process. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Settings {
  /** Content of stdin, which then ends. Without it stdin stays open and silent. */
  readonly input?: string;
  /** Added to the environment. */
  readonly env?: Record<string, string>;
  readonly cwd?: string;
}

const DEADLINE_MS = 20_000;

/** A process under way. */
export class Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly outcome: Promise<Outcome>;
  readonly #command: string;
  #stdout = '';
  #stderr = '';

  constructor(command: string, args: readonly string[], { input, env, cwd }: Settings = {}) {
    this.#command = [command, ...args].join(' ');
    this.child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.child.stdin.on('error', () => undefined);
    if (input !== undefined) this.child.stdin.end(input);
    this.outcome = this.#wait();
    // Whoever waits for it sees a missed deadline; a test that has failed before does not.
    this.outcome.catch(() => undefined);
  }

  /** What has come out so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Resolves when stdout contains `text`. */
  async until(text: string): Promise<void> {
    while (!this.#stdout.includes(text)) {
      const ended = new Promise((resolve) => this.child.stdout.once('end', () => resolve(true)));
      const more = new Promise((resolve) => this.child.stdout.once('data', () => resolve(false)));
      if (await Promise.race([ended, more]))
        throw new Error(`no "${text}" in the output of ${this.#describe()}`);
    }
  }

  #wait(): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.child.kill('SIGKILL');
        reject(new Error(`no end of ${this.#describe()}`));
      }, DEADLINE_MS);
      this.child.on('error', reject);
      this.child.on('close', (status, signal) => {
        clearTimeout(timer);
        resolve({ status, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  #describe(): string {
    return `${this.#command}\nstdout: ${this.#stdout}\nstderr: ${this.#stderr}`;
  }
}

/** Starts the CLI. */
export function startCli(args: readonly string[], settings?: Settings): Running {
  return new Running(process.execPath, [cliPath, ...args], settings);
}

/** Runs the CLI to its end; without `input`, with an empty stdin. */
export function wasixRun(args: readonly string[], settings: Settings = {}): Promise<Outcome> {
  return startCli(args, { input: '', ...settings }).outcome;
}

/** Runs a line of shell in which `wasix-run` is the CLI. */
export function shell(line: string, settings: Settings = {}): Promise<Outcome> {
  const define = `wasix-run() { "${process.execPath}" "${cliPath}" "$@"; }\ncd "${fixturesPath}"\n`;
  return new Running('bash', ['-c', define + line], { input: '', ...settings }).outcome;
}
