// One case on one runtime: a fresh folder with copies of what it is granted, a process, a deadline, a verdict.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { standardPipes } from './conformance-pipes.mjs';

const DEADLINE_MS = 10_000;
/** Beyond the case's own deadline, which is meant for a process that already runs. */
const START_MS = 5000;
/** From here on a status tells of traps, signals, limits and programs that cannot be loaded: each runtime has its own. */
const FIRST_OF_RUNTIME = 124;

/** The imports of a module; undefined for what is none. */
export function importsOf(wasm) {
  try {
    return WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(wasm)));
  } catch {
    return undefined;
  }
}

function grant({ folder, spec }, scratch) {
  const dirs = (spec.dirs ?? []).map((name) => {
    cpSync(join(folder, name), join(scratch, name), { recursive: true });
    return { host: join(scratch, name), guest: name };
  });
  if (!spec.programs) return dirs;
  mkdirSync(join(scratch, 'bin'));
  for (const name of spec.programs) cpSync(join(folder, name), join(scratch, 'bin', name));
  return [...dirs, { host: join(scratch, 'bin'), guest: '/bin' }];
}

function giveAway(path, { uid, gid }) {
  lchownSync(path, uid, gid);
  if (lstatSync(path).isDirectory())
    for (const name of readdirSync(path)) giveAway(join(path, name), { uid, gid });
}

/** Collects a stream's text; with `take`, only what that leaves of each line. */
function collect(stream, take) {
  let [kept, rest] = ['', ''];
  stream.setEncoding('utf8');
  stream.on('data', (text) => {
    if (!take) {
      kept += text;
      return;
    }
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const left = take(line);
      if (left !== undefined) kept += left === line ? `${line}\n` : left;
    }
  });
  return () => kept + rest;
}

function execute({ file, args, cwd, identity = {} }, spec, take) {
  return new Promise((resolve, reject) => {
    const pipes = standardPipes();
    const child = spawn(file, args, { cwd, stdio: pipes.stdio, ...identity });
    pipes.close();
    const stdout = [];
    let late = false;
    pipes.stdout.on('data', (bytes) => stdout.push(bytes));
    const stderr = collect(pipes.stderr, take);
    pipes.stdin.on('error', () => undefined);
    if (!spec.stdin_open) pipes.stdin.end(spec.stdin ?? '');
    const timer = setTimeout(
      () => {
        late = true;
        child.kill('SIGKILL');
      },
      (spec.timeout_ms ?? DEADLINE_MS) + START_MS,
    );
    child.on('error', (error) => {
      for (const stream of [pipes.stdin, pipes.stdout, pipes.stderr]) stream.destroy();
      reject(error);
    });
    const closed = [pipes.stdout, pipes.stderr].map((stream) => once(stream, 'close'));
    child.on('exit', async (code, signal) => {
      clearTimeout(timer);
      pipes.stdin.destroy();
      await Promise.all(closed);
      const status = code ?? 128 + constants.signals[signal];
      resolve({ late, status, stdout: Buffer.concat(stdout), stderr: stderr() });
    });
  });
}

/** What another runtime can be asked to have in common with ours. */
function lenient(spec, outcome) {
  const { stderr: _stderr, stderr_contains: _contains, ...rest } = spec;
  const wanted = spec.exit_code_any ?? [spec.exit_code ?? 0];
  if (!wanted.some((status) => status >= FIRST_OF_RUNTIME)) return rest;
  return outcome.status === 0 ? rest : { ...rest, exit_code_any: [outcome.status] };
}

function verdict(spec, outcome, runtime, compared) {
  if (outcome.late) return { outcome: 'failed', message: 'not over in time' };
  if (spec.skip_exit_code === outcome.status)
    return { outcome: 'skipped', message: 'the program says that this machine cannot run it' };
  const { found, expected } = compared(runtime.strict ? spec : lenient(spec, outcome), outcome);
  if (JSON.stringify(found) === JSON.stringify(expected)) return { outcome: 'passed', message: '' };
  const message = `expected ${JSON.stringify(expected)}\nfound ${JSON.stringify(found)}\nstderr ${outcome.stderr.slice(0, 1000)}`;
  return { outcome: 'failed', message };
}

/**
 * Runs a case: { group, title, outcome: passed | failed | skipped, message, milliseconds }. `take` is shown each line of
 * standard error and answers what is left of it.
 */
export async function runCase(fixture, runtime, compared, take) {
  const { group, title, spec, wasm } = fixture;
  const reason = runtime.skip({ ...fixture, imports: importsOf(wasm) });
  if (reason !== undefined) return { group, title, outcome: 'skipped', message: reason, milliseconds: 0 };
  const scratch = mkdtempSync(join(tmpdir(), 'conformance-case-'));
  const start = performance.now();
  try {
    const dirs = grant(fixture, scratch);
    const { args = [], env = {}, options = [] } = spec;
    const command = runtime.command({ wasm, args, env, options, dirs });
    chmodSync(scratch, 0o755);
    if (command.identity?.uid !== undefined) giveAway(scratch, command.identity);
    const outcome = await execute({ cwd: scratch, ...command }, spec, take);
    return {
      group,
      title,
      ...verdict(spec, outcome, runtime, compared),
      milliseconds: performance.now() - start,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
