/** What each option of `run` does. */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile, type RunOptions, run } from '../../src/index.js';
import { guestPath } from '../guests.js';
import { asker, reactor } from './modules.js';

const DEADLINE = 15_000;
const folder = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

const start = (name: string, options: RunOptions = {}) =>
  run(guestPath(name), { stdout: 'string', stderr: 'string', timeout: DEADLINE, ...options });

describe('arguments and environment', { timeout: DEADLINE }, () => {
  it('arrive in order, byte for byte', async () => {
    const args = ['one', '', '日本 🧵', '--max-threads', '2'];
    const { stdout } = await start('preview1/args', { args, env: { A: '1', B: 'x=y' } });
    const lines = String(stdout).split('\n');
    expect(lines.filter((line) => line.startsWith('arg '))).toEqual(args.map((arg) => `arg [${arg}]`));
    expect(lines.filter((line) => line.startsWith('env '))).toEqual(['env [A=1]', 'env [B=x=y]']);
  });

  it('the environment of the host is not passed on', async () => {
    process.env.WASIX_RUN_TEST = 'secret';
    const { stdout } = await start('preview1/args');
    expect(stdout).not.toContain('env [');
  });

  it.each([
    [{}, 'hello.wasm'],
    [{ argv0: 'other' }, 'other'],
  ])('argv[0] with %j is %s', async (options, name) => {
    const lines: string[] = [];
    await start('programs/hello', { ...options, trace: (line) => lines.push(line) });
    const sizes = lines.find((line) => line.includes('args_sizes_get'));
    expect(sizes).toContain(`argc=1, bufsize=${name.length + 1}`);
  });
});

describe('directories', { timeout: DEADLINE }, () => {
  it('nothing can be reached without a grant', async () => {
    const args = [folder('programs/texts.dir/short.txt')];
    expect(await start('programs/cat', { args })).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('a path is granted under its own name, an object under another', async () => {
    const host = folder('programs/texts.dir');
    const plain = await start('programs/cat', { args: [`${host}/short.txt`], dirs: [host] });
    const renamed = await start('programs/cat', { args: ['/t/short.txt'], dirs: [{ host, guest: '/t' }] });
    expect([plain.stdout, renamed.stdout]).toEqual(['a short text\n', 'a short text\n']);
  });

  it('readOnly refuses every change with ROFS', async () => {
    const dirs = [{ host: folder('preview1/data.dir'), guest: 'data.dir', readOnly: true }];
    const { stdout } = await start('preview1/paths', { dirs });
    expect(stdout).toContain('FAIL mkdir: got 69, expected 0');
  });

  it('a WASIX program starts in cwd', async () => {
    const { exitCode } = await start('wasix/working-directory', { args: ['/tmp'], cwd: '/tmp' });
    expect(exitCode).toBe(0);
  });
});

describe('entry and imports', { timeout: DEADLINE }, () => {
  it('a reactor is initialised, then its entry called', async () => {
    expect(await run(reactor, { entry: 'go' })).toMatchObject({ reason: 'exit', exitCode: 42 });
  });

  it('a reactor without an entry is initialised only', async () => {
    expect(await run(reactor)).toMatchObject({ reason: 'exit', exitCode: 0 });
  });

  it('threadImports are loaded by the worker of each thread', async () => {
    const threadImports = new URL('./thread-imports.mjs', import.meta.url);
    expect(await run(asker, { threadImports })).toMatchObject({ exitCode: 42 });
    expect(await run(asker, { threadImports: fileURLToPath(threadImports) })).toMatchObject({ exitCode: 42 });
  });

  it('imports run on the caller, and see its state', async () => {
    const seen: number[] = [];
    const answer = (value: number) => {
      seen.push(value);
      return 5;
    };
    expect(await run(asker, { imports: { env: { answer } } })).toMatchObject({ exitCode: 5 });
    expect(seen).toEqual([7]);
  });

  it('an import that throws ends the run with a fault that says so', async () => {
    const answer = () => {
      throw new Error('on purpose');
    };
    const end = await run(asker, { imports: { env: { answer } } });
    expect(end).toMatchObject({ reason: 'fault', exitCode: 70 });
    expect(end.message).toMatch(/env\.answer threw: on purpose/);
  });
});

it('trace has a line for every call, with its thread', { timeout: DEADLINE }, async () => {
  const lines: string[] = [];
  await start('threads/hello-thread', { trace: (line) => lines.push(line) });
  expect(lines.find((line) => line.includes('thread-spawn'))).toMatch(/^\[tid 1\] .*thread-spawn\(.*\) = 2$/);
  expect(lines.find((line) => line.includes('hello'))).toMatch(/^\[tid 2\] .*fd_write\(fd=1,.*= SUCCESS$/);
});

describe('what can be run', { timeout: DEADLINE }, () => {
  const path = guestPath('programs/hello');
  const bytes = readFileSync(path);
  const own = guestPath('preview1/args');

  it.each([
    { what: 'a path', source: path },
    { what: 'a URL', source: pathToFileURL(path) },
    { what: 'bytes', source: new Uint8Array(bytes) },
    { what: 'a compiled module', source: new WebAssembly.Module(bytes) },
    { what: 'what compile answers', source: compile(path) },
  ])('$what', async ({ source }) => {
    expect(await run(source, { stdout: 'string' })).toMatchObject({ exitCode: 0, stdout: 'hello, world!\n' });
  });

  it('what compile answers, many times', async () => {
    const compiled = compile(own);
    const results = await Promise.all(
      ['a', 'b', 'c'].map((arg) => run(compiled, { args: [arg], stdout: 'string' })),
    );
    for (const [i, arg] of ['a', 'b', 'c'].entries()) expect(results[i]!.stdout).toContain(`arg [${arg}]`);
  });
});

it('the result tells how the run ended and what it took', { timeout: DEADLINE }, async () => {
  const end = await start('threads/hello-thread');
  expect(end).toMatchObject({
    reason: 'exit',
    exitCode: 0,
    rawExitCode: 0,
    signal: undefined,
    message: undefined,
    stderr: '',
    stats: { threadsSpawned: 1, peakThreads: 2, workersCreated: 2, workersReused: 0 },
  });
  expect(end.stats.startupMs).toBeGreaterThan(0);
  expect(end.stats.runMs).toBeGreaterThan(0);
});

it('exit codes keep all 32 bits beside the status', { timeout: DEADLINE }, async () => {
  const end = await start('ends/exit-code', { args: ['exit', '-1'] });
  expect(end).toMatchObject({ exitCode: 255, rawExitCode: -1 });
});
