/** Listeners that are handed to programs: `--listen` and the option `listeners`. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import {
  type GuestProcess,
  type ListenerAddress,
  LoadError,
  type SpawnOptions,
  spawn,
} from '../../src/index.js';
import { fixture, startCli, wasixRun } from '../cli/wasix-run.js';
import { guest } from '../guests.js';

const QUIET: SpawnOptions = { stdout: 'ignore', stderr: 'ignore' };

function dial(where: ListenerAddress): Socket {
  return 'path' in where ? connect(where.path) : connect(where.port, where.address);
}

async function echoed(where: ListenerAddress, sent: string): Promise<string> {
  const socket = dial(where);
  socket.end(sent);
  return text(socket);
}

async function refusalOf(where: ListenerAddress): Promise<string> {
  const [error] = (await once(dial(where), 'error')) as [NodeJS.ErrnoException];
  return error.code ?? '';
}

/** Has each listener echo, ends the program and answers where the listeners were. */
async function exercise(child: GuestProcess): Promise<readonly ListenerAddress[]> {
  const listeners = await child.listening;
  for (const where of listeners) {
    expect(await echoed(where, 'x'.repeat(100_000))).toBe('x'.repeat(100_000));
    expect(await echoed(where, 'once more')).toBe('once more');
  }
  dial(listeners[0]!).end('q');
  expect(await child.wait()).toMatchObject({ reason: 'exit', exitCode: 0 });
  return listeners;
}

it('a preview1 program accepts and waits, without any grant, and its port is free afterwards', async () => {
  const child = spawn(guest('preview1/listen'), {
    ...QUIET,
    args: ['echo', '3'],
    listeners: ['127.0.0.1:0'],
  });
  const [where] = await exercise(child);
  expect(where).toMatchObject({ address: '127.0.0.1', port: expect.any(Number) });
  expect(await refusalOf(where!)).toBe('ECONNREFUSED');
});

it('a preview1 program serves 25 connections at once by poll_oneoff', async () => {
  const child = spawn(guest('preview1/listen'), { ...QUIET, args: ['poll', '3'], listeners: ['0'] });
  const [where] = await child.listening;
  const sockets = Array.from({ length: 25 }, () => dial(where!));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) socket.write('to all');
  const replies = await Promise.all(sockets.map(async (socket) => String((await once(socket, 'data'))[0])));
  expect(new Set(replies)).toEqual(new Set(['to all']));
  for (const socket of sockets) socket.end('and more');
  expect(new Set(await Promise.all(sockets.map(text)))).toEqual(new Set(['and more']));
  dial(where!).end('q');
  expect((await child.wait()).exitCode).toBe(0);
});

it('a program of wasi-libc accepts', async () => {
  const child = spawn(guest('programs/accept'), { ...QUIET, args: ['2'], listeners: ['127.0.0.1:0'] });
  const [where] = await child.listening;
  expect(await echoed(where!, 'first')).toBe('first');
  expect(await echoed(where!, 'second')).toBe('second');
  expect((await child.wait()).exitCode).toBe(0);
});

it('a WASIX program finds its listener after its three directories', async () => {
  const options = { ...QUIET, args: ['inherited', '6'], listeners: ['127.0.0.1:0'] };
  await exercise(spawn(guest('wasix/unix-peer'), options));
});

it('connections that come before the program accepts wait for it', async () => {
  const child = spawn(guest('programs/accept'), { ...QUIET, args: ['3'], listeners: ['127.0.0.1:0'] });
  const early = child.listening.then(([where]) =>
    Promise.all(['a', 'b', 'c'].map((sent) => echoed(where!, sent))),
  );
  expect(await early).toEqual(['a', 'b', 'c']);
  expect((await child.wait()).exitCode).toBe(0);
});

it.runIf(process.platform !== 'win32')('a socket file is there for the run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wasix-run-listen-'));
  const path = join(folder, 's');
  try {
    const options = { ...QUIET, args: ['echo', '3'], listeners: [`unix:${path}`] };
    expect(await exercise(spawn(guest('preview1/listen'), options))).toEqual([{ path }]);
    expect(existsSync(path)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('an address that cannot be had keeps the program from starting, and the others are free again', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const other = (free.address() as { port: number }).port;
  await new Promise((resolve) => free.close(resolve));
  const listeners = [`127.0.0.1:${other}`, `127.0.0.1:${port}`];
  const child = spawn(guest('preview1/listen'), { ...QUIET, listeners });
  const problem = { name: 'LoadError', code: 'bad-option' };
  const message = `cannot listen on 127.0.0.1:${port}: the address is in use`;
  await expect(child.wait()).rejects.toMatchObject({ ...problem, message });
  await expect(child.listening).rejects.toMatchObject(problem);
  expect(await refusalOf({ address: '127.0.0.1', port: other })).toBe('ECONNREFUSED');
  const listen = ['--listen', `127.0.0.1:${port}`];
  expect(await wasixRun([...listen, fixture('preview1/listen'), 'calls', '3'])).toEqual({
    status: 2,
    signal: null,
    stdout: '',
    stderr: `wasix-run: ${message}\n`,
  });
  server.close();
});

it('what is no address is refused before anything is done', async () => {
  for (const listener of [
    '',
    'localhost:80',
    '127.0.0.1',
    '127.0.0.1:65536',
    '[::1]',
    'unix:',
    ':80',
    '1:2:80',
  ]) {
    const child = spawn(guest('preview1/listen'), { ...QUIET, listeners: [listener] });
    await expect(child.listening).rejects.toBeInstanceOf(LoadError);
  }
});

it('a program can be killed while its listeners are opened', async () => {
  const child = spawn(guest('preview1/listen'), {
    ...QUIET,
    args: ['echo', '3'],
    listeners: ['127.0.0.1:0'],
  });
  child.kill();
  expect(await child.wait()).toMatchObject({ reason: 'signal', exitCode: 143 });
  const [where] = await child.listening;
  expect(await refusalOf(where!)).toBe('ECONNREFUSED');
});

it('the command says which port it found, and nothing where one was named', async () => {
  const found = startCli(['--listen', '127.0.0.1:0', fixture('programs/accept')]);
  const line = String((await once(found.child.stderr, 'data'))[0]);
  const port = Number(/^wasix-run: listening on 127\.0\.0\.1:(\d+)\n$/.exec(line)?.[1]);
  const where = { address: '127.0.0.1', port };
  expect(await echoed(where, 'hello')).toBe('hello');
  expect(await found.outcome).toMatchObject({ status: 0, stderr: line });
  const named = startCli(['--listen', `127.0.0.1:${port}`, fixture('programs/accept'), '0']);
  expect(await named.outcome).toMatchObject({ status: 0, stdout: '', stderr: '' });
});
