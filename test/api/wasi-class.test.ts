/** The class `WASI`: what it does as `node:wasi`'s does, and what it does otherwise. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WASI as NodeWASI } from 'node:wasi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoadError, WASI, type WASIOptions } from '../../src/index.js';
import { guestPath } from '../guests.js';
import { exiter, reactor, trapping } from './modules.js';

const DEADLINE = 15_000;
const texts = fileURLToPath(new URL('../../fixtures/programs/texts.dir', import.meta.url));
const library = new URL('../../dist/index.js', import.meta.url).href;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wasix-run-wasi-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

type AnyWASI = typeof WASI | typeof NodeWASI;

const moduleAt = (name: string) => new WebAssembly.Module(readFileSync(guestPath(name)));
const instanceOf = (wasi: InstanceType<AnyWASI>, module: WebAssembly.Module) =>
  new WebAssembly.Instance(module, wasi.getImportObject() as WebAssembly.Imports);

interface Streams {
  readonly stdin: number;
  readonly stdout: number;
  readonly stderr: number;
}

/** Calls `use` with files as streams and answers what has been written to them. */
function withStreams<T>(
  input: string,
  use: (streams: Streams) => T,
): { result: T; stdout: string; stderr: string } {
  const paths = ['in', 'out', 'err'].map((name) => join(folder, name)) as [string, string, string];
  paths.forEach((path, i) => {
    writeFileSync(path, i === 0 ? input : '');
  });
  const fds = paths.map((path, i) => openSync(path, i === 0 ? 'r' : 'w')) as [number, number, number];
  try {
    const result = use({ stdin: fds[0], stdout: fds[1], stderr: fds[2] });
    return { result, stdout: readFileSync(paths[1], 'utf8'), stderr: readFileSync(paths[2], 'utf8') };
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}

function start(Class: AnyWASI, module: WebAssembly.Module, options: Partial<WASIOptions> = {}, input = '') {
  return withStreams(input, (streams) => {
    const wasi = new Class({ version: 'preview1', ...streams, ...options } as never);
    return wasi.start(instanceOf(wasi, module));
  });
}

/** Class and code of what `action` throws. */
function kindOf(action: () => unknown): { type: string | undefined; code: unknown } {
  try {
    action();
  } catch (error) {
    const { code } = error as { code?: unknown };
    return { type: (error as Error).constructor.name, code };
  }
  return { type: undefined, code: undefined };
}

const openDescriptors = () => readdirSync('/proc/self/fd').length;

describe('programs end and write as on node:wasi', { timeout: DEADLINE }, () => {
  it.each([
    [
      'arguments and environment',
      'preview1/args',
      { args: ['a', 'b c', '日本'], env: { A: '1', B: 'x=y' } },
      '',
    ],
    ['an exit code', 'programs/hello', { args: ['hello', 'you', '3'] }, ''],
    ['standard input', 'programs/cat', { args: ['cat'] }, 'one\ntwo\n'],
    ['values that are no strings', 'preview1/args', { args: [1, null], env: { N: 2, U: undefined } }, ''],
  ])('%s', (_what, name, options, input) => {
    const module = moduleAt(name);
    const ours = start(WASI, module, options as never, input);
    expect(ours).toEqual(start(NodeWASI, module, options as never, input));
    expect(ours.stdout).not.toBe('');
  });

  it.each([0, 3, 256, 0x7fff_ffff, -1])('exit code %i', (code) => {
    const module = new WebAssembly.Module(exiter(code));
    expect(start(WASI, module).result).toBe(start(NodeWASI, module).result);
    expect(start(WASI, module).result).toBe(code);
  });

  it('a trap is thrown as it is', () => {
    const module = new WebAssembly.Module(trapping);
    for (const Class of [WASI, NodeWASI]) {
      expect(() => start(Class, module)).toThrow(WebAssembly.RuntimeError);
    }
  });

  it('the older interface has its own layouts', () => {
    const data = fileURLToPath(new URL('../../fixtures/preview1/data.dir', import.meta.url));
    const copy = join(folder, 'data.dir');
    spawnSync('cp', ['-r', data, copy]);
    const options = { version: 'unstable', preopens: { 'data.dir': copy } } as const;
    const { result, stdout } = start(WASI, moduleAt('preview1/unstable'), options);
    expect({ result, failures: stdout.split('\n').filter((line) => line.startsWith('FAIL')) }).toEqual({
      result: 0,
      failures: [],
    });
  });
});

describe('errors are those of node:wasi', () => {
  it.each([
    ['no options', undefined],
    ['null', null],
    ['no version', {}],
    ['a number as version', { version: 1 }],
    ['an unknown version', { version: 'preview2' }],
    ['args that are no array', { version: 'preview1', args: 'a' }],
    ['env that is a string', { version: 'preview1', env: 'A=1' }],
    ['env that is null', { version: 'preview1', env: null }],
    ['preopens that are an array', { version: 'preview1', preopens: ['/'] }],
    ['stdin that is a string', { version: 'preview1', stdin: '0' }],
    ['a negative stdout', { version: 'preview1', stdout: -1 }],
    ['half a stderr', { version: 'preview1', stderr: 0.5 }],
    ['returnOnExit that is a number', { version: 'preview1', returnOnExit: 1 }],
  ])('for %s', (_what, options) => {
    const ours = kindOf(() => new WASI(options as never));
    expect(ours).toEqual(kindOf(() => new NodeWASI(options as never)));
    expect(ours.code).toMatch(/^ERR_/);
  });

  const exporting = (exports: object) => ({ exports }) as WebAssembly.Instance;
  const memory = new WebAssembly.Memory({ initial: 1 });
  const entry = () => undefined;

  it.each([
    ['an instance that is none', 1],
    ['an instance without exports', {}],
    ['no memory', exporting({ _start: entry })],
    ['a memory that is none', exporting({ _start: entry, memory: {} })],
    ['neither _start nor _initialize', exporting({ memory })],
    ['an entry that is no function', exporting({ memory, _start: 1, _initialize: 1 })],
    ['both _start and _initialize', exporting({ memory, _start: entry, _initialize: entry })],
  ])('for %s', (_what, instance) => {
    for (const method of ['start', 'initialize'] as const) {
      const ours = kindOf(() => new WASI({ version: 'preview1' })[method](instance as never));
      const theirs = kindOf(() => new NodeWASI({ version: 'preview1' })[method](instance as never));
      expect({ method, ...ours }).toEqual({ method, ...theirs });
    }
  });

  it('for a second start, and a call before the first', () => {
    for (const Class of [WASI, NodeWASI]) {
      const wasi = new Class({ version: 'preview1' });
      const early = kindOf(() => (wasi.wasiImport as WASI['wasiImport']).random_get!(...([0, 1] as never[])));
      expect(early).toEqual({ type: 'Error', code: 'ERR_WASI_NOT_STARTED' });
      wasi.start(exporting({ memory, _start: entry }));
      const again = kindOf(() => wasi.start(exporting({ memory, _start: entry })));
      expect(again).toEqual({ type: 'Error', code: 'ERR_WASI_ALREADY_STARTED' });
    }
  });

  it('every function that node:wasi has is there', () => {
    const theirs = Object.keys(new NodeWASI({ version: 'preview1' }).wasiImport);
    expect(Object.keys(new WASI({ version: 'preview1' }).wasiImport)).toEqual(expect.arrayContaining(theirs));
    expect(theirs.length).toBeGreaterThan(40);
  });
});

describe('directories', () => {
  it('a preopen is granted, and nothing beside it', () => {
    const options = { args: ['cat', '/in/short.txt'], preopens: { '/in': texts } };
    expect(start(WASI, moduleAt('programs/cat'), options)).toMatchObject({
      result: 0,
      stdout: 'a short text\n',
    });
    for (const path of ['/in/../cat.c', '/etc/hostname', 'short.txt']) {
      const { result, stdout } = start(WASI, moduleAt('programs/cat'), { ...options, args: ['cat', path] });
      expect({ path, result, stdout }).toEqual({ path, result: 1, stdout: '' });
    }
  });

  it('one that is missing is named', () => {
    const preopens = { '/in': join(folder, 'nowhere') };
    expect(() => new WASI({ version: 'preview1', preopens })).toThrow(LoadError);
    expect(() => new WASI({ version: 'preview1', preopens })).toThrow(/nowhere/);
  });
});

describe.skipIf(process.platform !== 'linux')('descriptors of the host (counted in /proc)', () => {
  const preopens = { '/in': texts };

  it('are closed by an exit, by a return and by a trap, and those given as streams are not', () => {
    const before = openDescriptors();
    const cat = moduleAt('programs/cat');
    for (let i = 0; i < 20; i++) start(WASI, cat, { preopens, args: ['cat', '/in/short.txt'] });
    for (let i = 0; i < 20; i++) start(WASI, new WebAssembly.Module(exiter(1)), { preopens });
    const trap = new WebAssembly.Module(trapping);
    for (let i = 0; i < 20; i++) expect(() => start(WASI, trap, { preopens })).toThrow(/unreachable/);
    expect(openDescriptors()).toBe(before);
  });

  it('are closed when the constructor throws', () => {
    const before = openDescriptors();
    expect(() => new WASI({ version: 'preview1', preopens, stderr: 9999 })).toThrow(/EBADF/);
    expect(openDescriptors()).toBe(before);
  });

  it('are closed by close', () => {
    const before = openDescriptors();
    const wasi = new WASI({ version: 'preview1', preopens });
    wasi.initialize(instanceOf(wasi, new WebAssembly.Module(reactor)));
    expect(openDescriptors()).toBeGreaterThan(before);
    wasi.close();
    wasi.close();
    expect(openDescriptors()).toBe(before);
  });

  it('are closed once: a program that was closed before it began does not run', () => {
    const wasi = new WASI({ version: 'preview1', preopens });
    const instance = instanceOf(wasi, moduleAt('programs/hello'));
    wasi.close();
    // They get the numbers that are free now.
    const others = [0, 1, 2, 3].map(() => openSync(join(texts, 'short.txt'), 'r'));
    expect(kindOf(() => wasi.start(instance))).toEqual({ type: 'Error', code: 'ERR_WASI_EXITED' });
    for (const fd of others) expect(() => closeSync(fd)).not.toThrow();
  });

  it('are closed when nobody can reach the program any longer', { timeout: DEADLINE }, async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const before = openDescriptors();
    for (let i = 0; i < 5; i++) new WASI({ version: 'preview1', preopens });
    expect(openDescriptors()).toBeGreaterThan(before);
    for (let left = DEADLINE; openDescriptors() > before && left > 0; left -= 50) {
      collect();
      await pause(50);
    }
    expect(openDescriptors()).toBe(before);
  });
});

describe('reactors', () => {
  it('are initialized, called, and end by an error that has their exit code', () => {
    const wasi = new WASI({ version: 'preview1' });
    const instance = instanceOf(wasi, new WebAssembly.Module(reactor));
    wasi.initialize(instance);
    const go = instance.exports.go as () => void;
    let thrown: unknown;
    try {
      go();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'ERR_WASI_EXITED',
      exitCode: 42,
      message: 'the program has exited with code 42',
    });
    expect(kindOf(go)).toEqual({ type: 'Error', code: 'ERR_WASI_EXITED' });
  });

  it('finalizeBindings takes a memory that is not exported', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const wasi = new WASI({ version: 'preview1' });
    wasi.finalizeBindings({ exports: {} }, { memory });
    const bytes = new Uint8Array(memory.buffer, 8, 32);
    expect((wasi.wasiImport.random_get as (at: number, length: number) => number)(8, 32)).toBe(0);
    expect(bytes.some((byte) => byte !== 0)).toBe(true);
    wasi.close();
  });
});

it('a program that starts a thread gets ENOTSUP, and a warning names run', {
  timeout: DEADLINE,
}, async () => {
  const warning = once(process, 'warning', { signal: AbortSignal.timeout(DEADLINE) });
  expect(start(WASI, moduleAt('threads/spawn-unshared-memory')).result).toBe(0);
  const [{ name, message }] = (await warning) as [Error];
  expect({ name, message }).toEqual({ name: 'WasixRunWarning', message: expect.stringContaining('run()') });
  const { wasi } = new WASI({ version: 'preview1' }).getImportObject();
  expect(Object.keys(wasi!)).toEqual(['thread-spawn']);
});

describe('in a process of its own', { timeout: DEADLINE }, () => {
  /** Runs a script in which `start(bytes, options)` starts a program; its stdout is a pipe of the shell's. */
  function inProcess(script: string, after = 'cat') {
    const file = join(folder, 'script.mjs');
    const start = `const start = (bytes, options) => {
      const wasi = new WASI({ version: 'preview1', ...options });
      return wasi.start(new WebAssembly.Instance(new WebAssembly.Module(bytes), wasi.getImportObject()));
    };`;
    writeFileSync(file, `import { WASI } from ${JSON.stringify(library)};\n${start}\n${script}`);
    const command = `"$0" "$1" | ${after}; exit \${PIPESTATUS[0]}`;
    return spawnSync('bash', ['-c', command, process.execPath, file], {
      encoding: 'utf8',
      timeout: DEADLINE,
    });
  }

  it('without returnOnExit an exit ends the process, and a return does not', () => {
    const { status, stdout } = inProcess(`
      start(new Uint8Array([${exiter(0).join()}]), { returnOnExit: true });
      console.log('after an exit that returns');
      start(new Uint8Array([${exiter(7).join()}]), { returnOnExit: false });
      console.log('after an exit');`);
    expect({ status, stdout }).toEqual({ status: 7, stdout: 'after an exit that returns\n' });
  });

  it.skipIf(process.platform !== 'linux')('output to a pipe that Node made non-blocking is complete', () => {
    const input = join(folder, 'million');
    writeFileSync(input, '0123456789'.repeat(100_000));
    const { status, stdout } = inProcess(
      `import { openSync, readFileSync } from 'node:fs';
      process.stdout.write('first\\n');
      process.exitCode = start(readFileSync(${JSON.stringify(guestPath('programs/cat'))}), {
        args: ['cat'], stdin: openSync(${JSON.stringify(input)}),
      });`,
      '(sleep 0.3; wc -c)',
    );
    expect({ status, bytes: stdout.trim() }).toEqual({ status: 0, bytes: '1000006' });
  });

  it.skipIf(process.platform !== 'linux')(
    'a non-blocking FIFO that has lost its other end is at its end',
    () => {
      const fifo = join(folder, 'fifo');
      spawnSync('mkfifo', [fifo]);
      const { status, stdout } = inProcess(`
      import { closeSync, constants, openSync, readFileSync } from 'node:fs';
      const open = (flag) => openSync(${JSON.stringify(fifo)}, flag | constants.O_NONBLOCK);
      const [reader, writer] = [open(constants.O_RDONLY), open(constants.O_WRONLY)];
      closeSync(writer);
      const cat = readFileSync(${JSON.stringify(guestPath('programs/cat'))});
      console.log(start(cat, { args: ['cat'], stdin: reader }));
      const lonely = open(constants.O_WRONLY);
      closeSync(reader);
      const yes = readFileSync(${JSON.stringify(guestPath('programs/yes'))});
      console.log(start(yes, { args: ['yes'], stdout: lonely }));`);
      expect({ status, stdout }).toEqual({ status: 0, stdout: '0\n141\n' });
    },
  );
});
