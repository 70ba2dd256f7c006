/** A program that cannot be started rejects with a LoadError, whose code says why. */
import { readdirSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile, LoadError, type RunOptions, run, ThreadPool } from '../../src/index.js';
import { guestPath } from '../guests.js';
import { reactor, unlinkable } from './modules.js';

const hello = guestPath('programs/hello');

async function failureOf(source: Parameters<typeof run>[0], options: RunOptions = {}): Promise<LoadError> {
  const failure: unknown = await run(source, options).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(LoadError);
  return failure as LoadError;
}

describe('sources', () => {
  it.each([
    ['no such file', '/nowhere/at-all.wasm', 'not-found', /\/nowhere\/at-all\.wasm/],
    ['no module', guestPath('load/text'), 'not-loadable', /text\.wasm/],
    ['an empty file', guestPath('load/empty'), 'not-loadable', /empty\.wasm/],
    ['a component', guestPath('load/component'), 'not-loadable', /component/],
    ['no entry', guestPath('load/no-entry'), 'not-loadable', /_start/],
    ['a body that does not compile', guestPath('load/invalid-body'), 'not-linkable', /invalid-body\.wasm/],
    ['bytes that are none', new Uint8Array([1, 2, 3]), 'not-loadable', /the module/],
  ] as const)('%s', async (_what, source, code, message) => {
    const failure = await failureOf(source);
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
  });

  it('imports that nobody offers are all named', async () => {
    const { code, message } = await failureOf(unlinkable);
    expect(code).toBe('not-linkable');
    expect(message).toMatch(/env.*unknown/);
    expect(message).toMatch(/proc_exit/);
  });

  it('compile throws the same', () => {
    expect(() => compile(guestPath('load/text'))).toThrow(LoadError);
  });
});

describe('options', () => {
  const bad: readonly RunOptions[] = [
    { maxThreads: 0 },
    { maxThreads: 1.5 },
    { maxMemory: 1 },
    { maxDescriptors: 3 },
    { timeout: 0 },
    { optimize: 'fast' as never },
    { args: ['a\0b'] },
    { env: { '': 'x' } },
    { env: { 'A=B': 'x' } },
    { dirs: ['/tmp', { host: '/usr', guest: '/tmp' }] },
  ];

  it.each(bad)('%j is refused as a bad option', async (options) => {
    expect((await failureOf(hello, options)).code).toBe('bad-option');
  });

  it('a directory that is not there is named', async () => {
    const { message } = await failureOf(hello, { dirs: ['/nowhere/at-all'] });
    expect(message).toContain('/nowhere/at-all');
  });

  it('an entry that is not exported is named', async () => {
    const { code, message, hint } = await failureOf(reactor, { entry: 'missing' });
    expect({ code, named: message.includes('missing') }).toEqual({ code: 'not-loadable', named: true });
    expect(hint).toMatch(/go/);
  });
});

it('a failed start leaves a shared pool usable, and nothing running', { timeout: 15_000 }, async () => {
  const pool = new ThreadPool({ maxSize: 2 });
  for (let i = 0; i < 5; i++) await failureOf(hello, { pool, dirs: ['/nowhere/at-all'] });
  expect(pool.counters).toMatchObject({ created: 0, busy: 0, pending: 0 });
  expect(await run(hello, { pool, stdout: 'ignore' })).toMatchObject({ exitCode: 0 });
  await pool.shutdownJoin(1000);
});

/** How often this process has `path` open. */
function timesOpen(path: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  }).length;
}

describe.runIf(process.platform === 'linux')('the granted directories are closed again', () => {
  const folder = fileURLToPath(new URL('../../fixtures/preview1', import.meta.url));

  it('where the memory cannot be had', async () => {
    const { code } = await failureOf(guestPath('threads/hello-thread'), {
      dirs: [folder],
      maxMemory: 65_536,
    });
    expect(code).toBe('no-resources');
    expect(timesOpen(folder)).toBe(0);
  });

  it.each(['pipe', { text: 1 }, new ReadableStream()])('where stdin is %j', async (stdin) => {
    const { code } = await failureOf(hello, { dirs: [folder], stdin: stdin as never });
    expect(code).toBe('bad-option');
    expect(timesOpen(folder)).toBe(0);
  });
});
