/** `supervisor: 'worker'` and `runSync`: programs run while their caller's event loop stands still. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, LoadError, type RunOptions, run, runSync, spawn, ThreadPool } from '../../src/index.js';
import { guestPath } from '../guests.js';
import { asker, exiter } from './modules.js';

const DEADLINE = 30_000;
const library = new URL('../../dist/index.js', import.meta.url).href;
const output = { stdout: 'string', stderr: 'string', timeout: DEADLINE } as const;
const joined = (threads: number) => `ran ${threads}, highest tid ${threads + 1}, out of order 0\n`;

/** No timer of this thread ends a `runSync` that hangs: a thread of its own ends the process then. */
const watchdog = `setTimeout(() => process.kill(process.pid, 'SIGABRT'), 180_000)`;

let folder: string;
let guard: Worker;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wasix-run-supervisor-'));
  guard = new Worker(watchdog, { eval: true });
});
afterAll(async () => {
  await guard.terminate();
  rmSync(folder, { recursive: true });
});

/** Runs a script of the library's user in a process of its own, whose stdout is the file `out`. */
function inProcess(script: string, input = '', flags: readonly string[] = []) {
  const [file, out] = [join(folder, 'script.mjs'), join(folder, 'out')];
  const head = `import { compile, run, runSync } from ${JSON.stringify(library)};
    const guest = (name) => ${JSON.stringify(guestPath('NAME'))}.replace('NAME', name);
    const out = ${JSON.stringify(out)};`;
  writeFileSync(file, `${head}\n${script}`);
  const fd = openSync(out, 'w');
  try {
    const stdio = ['pipe', fd, 'pipe'] as const;
    const { status, signal, stderr } = spawnSync(process.execPath, [...flags, file], {
      stdio: [...stdio],
      encoding: 'utf8',
      timeout: DEADLINE,
      input,
    });
    return { status, signal, stderr, stdout: readFileSync(out, 'utf8') };
  } finally {
    closeSync(fd);
  }
}

function failureOf(action: () => unknown): LoadError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(LoadError);
    return error as LoadError;
  }
  throw new Error('nothing was thrown');
}

describe("run with supervisor: 'worker'", { timeout: DEADLINE }, () => {
  /** Starts a program of 100 threads, then blocks until its output is there, a second at least, `patience` at most. */
  const blocking = (options: string, patience: number) => `
    import { readFileSync } from 'node:fs';
    const word = new Int32Array(new SharedArrayBuffer(4));
    run(guest('threads/spawn-join'), { args: ['100'], ${options} });
    ${options === '' ? 'for (let i = 0; i < 10; i++) await new Promise(setImmediate);' : ''}
    const began = performance.now();
    const waited = () => performance.now() - began;
    let written = '';
    while (waited() < 1000 || (written === '' && waited() < ${patience})) {
      Atomics.wait(word, 0, 0, 20);
      written = readFileSync(out, 'utf8');
    }
    process.stderr.write(JSON.stringify(written));
    process.exit();`;

  it('a program starts 100 threads, one after another, while its caller blocks its event loop', () => {
    const { stderr } = inProcess(blocking("supervisor: 'worker'", 20_000));
    expect(stderr).toBe(JSON.stringify(joined(100)));
  });

  it('without one, the caller has to let its event loop turn', () => {
    expect(inProcess(blocking('', 1000)).stderr).toBe('""');
  });

  it('gives the results that run gives', async () => {
    const options = { ...output, args: ['you', '3'] };
    const [plain, supervised] = [
      await run(guestPath('programs/hello'), options),
      await run(guestPath('programs/hello'), { ...options, supervisor: 'worker' }),
    ];
    const { stats: _ours, ...rest } = supervised;
    const { stats: _theirs, ...expected } = plain;
    expect(rest).toEqual(expected);
    expect(rest).toMatchObject({ exitCode: 3, stdout: 'hello, you!\n' });
  });

  it('several run at once, and an abort ends the one it is for', async () => {
    const abort = new AbortController();
    const options = { ...output, supervisor: 'worker', args: ['20'] } as const;
    const forever = run(guestPath('ends/spin-forever'), {
      ...options,
      stdout: 'ignore',
      signal: abort.signal,
    });
    const others = await Promise.all([1, 2].map(() => run(guestPath('threads/spawn-join'), options)));
    expect(others.map(({ stdout }) => stdout)).toEqual([joined(20), joined(20)]);
    abort.abort();
    expect(await forever).toMatchObject({ reason: 'signal', signal: 'SIGTERM' });
    const late = run(guestPath('ends/spin-forever'), { ...options, stdout: 'ignore', signal: abort.signal });
    expect(await late).toMatchObject({ reason: 'signal', signal: 'SIGTERM' });
  });

  it('keeps Node alive until the program is over, and no longer', () => {
    const script = `run(guest('programs/hello'), { args: ['you', '3'], supervisor: 'worker' })
      .then(({ exitCode }) => console.log(exitCode));`;
    expect(inProcess(script)).toMatchObject({ status: 0, stderr: '', stdout: 'hello, you!\n3\n' });
  });

  it.each([
    ['pool', { pool: new ThreadPool() }],
    ['imports', { imports: { env: { answer: () => 1 } } }],
    ['stdin', { stdin: new PassThrough() }],
    ['stdout', { stdout: new PassThrough() }],
    ['stderr', { stderr: new PassThrough() }],
    ['trace', { trace: () => undefined }],
    ['supervisor', { supervisor: 'process' }],
  ])('refuses what belongs to the caller: %s', async (name, options) => {
    const source = guestPath('programs/hello');
    const failure: unknown = await run(source, { supervisor: 'worker', ...options } as RunOptions).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(LoadError);
    expect(failure).toMatchObject({ code: 'bad-option', message: expect.stringMatching(`^${name} `) });
  });
});

it('spawn has no supervisor', async () => {
  const options = { supervisor: 'worker' } as never;
  await expect(spawn(guestPath('programs/hello'), options).wait()).rejects.toThrow(
    'supervisor is an option of run alone',
  );
});

describe('runSync', { timeout: DEADLINE }, () => {
  it('runs threads, from a path, a URL, bytes, a compiled module', () => {
    const path = guestPath('threads/spawn-join');
    for (const source of [path, pathToFileURL(path), readFileSync(path), compile(path)]) {
      const { stdout, stats } = runSync(source, { ...output, args: ['5'] });
      expect(stdout).toBe(joined(5));
      expect(stats.threadsSpawned).toBe(5);
    }
    const module = new WebAssembly.Module(exiter(5));
    expect(runSync(module, output).exitCode).toBe(5);
  });

  it('runs processes', () => {
    const { exitCode, stdout } = runSync(guestPath('processes/fork'), output);
    expect({ exitCode, failures: String(stdout).match(/^FAIL.*/gm) }).toEqual({
      exitCode: 0,
      failures: null,
    });
  });

  it('tells of traps', () => {
    expect(runSync(guestPath('ends/trap'), { ...output, args: ['divide', 'child'] })).toMatchObject({
      reason: 'trap',
      exitCode: 134,
      tid: 2,
      message: 'divide by zero',
      stdout: 'before\n',
    });
  });

  it('ends by the time limit', () => {
    const result = runSync(guestPath('ends/spin-forever'), { ...output, timeout: 200 });
    expect(result).toMatchObject({ reason: 'timeout', exitCode: 124 });
  });

  it('collects bytes as a Buffer, and takes text', () => {
    const { stdout } = runSync(guestPath('programs/cat'), {
      ...output,
      stdin: { text: 'text' },
      stdout: 'buffer',
    });
    expect(stdout).toBeInstanceOf(Buffer);
    expect(String(stdout)).toBe('text');
  });

  it('passes the environment on, `process.env` too, and loads imports for every thread', () => {
    const { stdout } = runSync(guestPath('preview1/args'), { ...output, env: process.env as never });
    expect(stdout).toContain(`env [PATH=${process.env.PATH}]`);
    const imports = join(folder, 'imports.mjs');
    writeFileSync(imports, 'export const env = { answer: (n) => n + 1 };');
    expect(runSync(asker, { ...output, threadImports: imports }).exitCode).toBe(8);
    expect(runSync(asker, { ...output, threadImports: pathToFileURL(imports) }).exitCode).toBe(8);
  });

  it('calls onNotice meanwhile; what that throws is thrown', () => {
    const notices: string[] = [];
    const options = { ...output, maxThreads: 2 };
    const onNotice = (line: string) => void notices.push(line);
    runSync(guestPath('threads/spawn-past-limit'), { ...options, onNotice });
    expect(notices).toEqual([expect.stringContaining('--max-threads')]);
    const thrower = () => {
      throw new Error('of the caller');
    };
    const run = () => runSync(guestPath('threads/spawn-past-limit'), { ...options, onNotice: thrower });
    expect(run).toThrow('of the caller');
    expect(runSync(new Uint8Array(exiter(1)), output).exitCode).toBe(1);
  });

  it('throws LoadError for what cannot be started', () => {
    const missing = failureOf(() => runSync('/nowhere/at-all.wasm'));
    expect(missing).toMatchObject({ code: 'not-found', hint: 'check the path of the module' });
    expect(failureOf(() => runSync(asker)).message).toContain('env.answer');
    expect(failureOf(() => runSync(guestPath('programs/hello'), { maxThreads: 0 })).code).toBe('bad-option');
    const signal = AbortSignal.abort();
    expect(failureOf(() => runSync(guestPath('programs/hello'), { signal } as never)).code).toBe(
      'bad-option',
    );
  });

  it('a supervisor that is lost is an error, and the next run has another one', () => {
    const imports = join(folder, 'exits.mjs');
    writeFileSync(imports, 'process.exit(1);');
    expect(() => runSync(asker, { threadImports: imports })).toThrow('the supervisor was lost');
    expect(runSync(exiter(2), output).exitCode).toBe(2);
    const script = `import { writeSync } from 'node:fs';
      const lost = run(guest('programs/hello'), { threadImports: ${JSON.stringify(imports)}, supervisor: 'worker' });
      await lost.catch(({ message }) => writeSync(1, message + '\\n'));
      process.exitCode = runSync(guest('programs/hello'), { args: ['you', '3'] }).exitCode;`;
    expect(inProcess(script)).toEqual({
      status: 3,
      signal: null,
      stderr: '',
      stdout: 'the supervisor was lost: it ended unexpectedly\nhello, you!\n',
    });
  });

  it('a supervisor that reaches its heap limit is lost like that, though it cannot say so any more', () => {
    const imports = join(folder, 'fills-heap.mjs');
    // By small steps: where one goes far beyond the limit, V8 may end the process instead.
    writeFileSync(imports, 'let kept; for (;;) kept = { kept };');
    const script = `try {
        runSync(guest('programs/hello'), { threadImports: ${JSON.stringify(imports)} });
      } catch ({ message }) {
        process.stdout.write(message);
      }`;
    const { status, stdout } = inProcess(script, '', ['--max-old-space-size=64']);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'the supervisor was lost: it ended unexpectedly',
    });
  });

  it('reads the standard input of its process, and goes on in it with the next program', () => {
    const { stdout, stderr } = inProcess(
      `runSync(guest('programs/cat'), { stdin: 'inherit' });
      console.log(runSync(guest('programs/cat'), { stdin: 'inherit', stdout: 'string' }).stdout.length);`,
      'from the pipe\n',
    );
    expect({ stdout, stderr }).toEqual({ stdout: 'from the pipe\n0\n', stderr: '' });
  });

  it('works on a worker thread', () => {
    const { stdout, stderr } = inProcess(`import { Worker, isMainThread } from 'node:worker_threads';
      import { writeSync } from 'node:fs';
      if (isMainThread) new Worker(new URL(import.meta.url));
      else writeSync(1, runSync(guest('threads/spawn-join'), { args: ['3'], stdout: 'string' }).stdout);`);
    expect({ stdout, stderr }).toEqual({ stdout: joined(3), stderr: '' });
  });
});

describe.skipIf(process.platform !== 'linux')('after 50 runs one after another (counted in /proc)', () => {
  it('there are as many descriptors and threads as after the first 5, and Node ends', {
    timeout: 2 * DEADLINE,
  }, () => {
    const { status, stdout, stderr } = inProcess(`
      import { readdirSync, writeSync } from 'node:fs';
      const program = compile(guest('threads/spawn-join'));
      const held = () => ['fd', 'task'].map((kind) => readdirSync('/proc/self/' + kind).length);
      const print = (value) => writeSync(1, JSON.stringify(value) + '\\n');
      for (let i = 1; i <= 50; i++) {
        if (i % 10 === 0) runSync(guest('ends/spin-forever'), { timeout: 50, stdout: 'ignore' });
        else runSync(program, { args: ['3'], stdout: 'string' });
        if (i === 5 || i === 50) print(held());
      }`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^\[\d+,\d+\]\n\[\d+,\d+\]\n$/);
    const [early, late] = stdout.trim().split('\n');
    expect(late).toBe(early);
  });
});
