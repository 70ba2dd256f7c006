/** Unix-domain sockets in granted directories, with peers of Node's: what needs a grant, and what is left behind. */
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Errno } from '../../src/abi/errno.js';
import { spawn } from '../../src/index.js';
import { type GuestOptions, guest, runGuest } from '../guests.js';
import { openDescriptors } from './guest-peer.js';

let folder: string;
let servers: Server[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wasix-run-unix-'));
  servers = [];
});

afterEach(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A server of the host's in the granted folder, which says what it is and counts who comes. */
async function serveAt(path: string): Promise<{ readonly visits: () => number }> {
  let visits = 0;
  const server = createServer((socket) => {
    visits++;
    socket.on('error', () => undefined).end('host!');
  });
  servers.push(server);
  server.listen(path);
  await once(server, 'listening');
  return { visits: () => visits };
}

/** What the runtime has in the directory for temporary files for Unix-domain sockets of this process. */
function remains(): string[] {
  const own = `wasix-${process.pid.toString(36)}-`;
  return readdirSync(tmpdir()).filter((name) => name.startsWith(own));
}

async function ask(args: readonly string[], options: GuestOptions = {}) {
  const dirs = options.dirs ?? [{ host: folder, guest: '/mnt' }];
  const { stdout, notices } = await runGuest('wasix/unix-peer', { args, ...options, dirs });
  return { said: stdout.trim(), notices };
}

describe.runIf(process.platform === 'linux')('Unix-domain sockets', { timeout: 30_000 }, () => {
  it('of a guest are reached by programs of the host, and their files stay', async () => {
    const child = spawn(guest('wasix/unix-peer'), {
      args: ['serve', '/mnt/s'],
      dirs: [{ host: folder, guest: '/mnt' }],
      stderr: 'ignore',
    });
    await once(child.stdout!, 'data');
    expect(lstatSync(join(folder, 's')).isSocket()).toBe(true);
    const sent = 'x'.repeat(300_000);
    const echoed = [0, 1, 2].map((i) => {
      const socket = connect(join(folder, 's'));
      socket.end(sent + i);
      return text(socket);
    });
    expect(await Promise.all(echoed)).toEqual([0, 1, 2].map((i) => sent + i));
    connect(join(folder, 's')).end('q');
    expect(await child.wait()).toMatchObject({ exitCode: 0 });
    const [error] = await once(connect(join(folder, 's')), 'error');
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('of the host need a grant to connect to', async () => {
    const { visits } = await serveAt(join(folder, 's'));
    const refused = { said: `errno ${Errno.ACCES}` };
    for (const net of [false, { connect: ['loopback', '*:80', 'unix:/mnt/other', 'unix:/m'] }]) {
      expect(await ask(['ask', '/mnt/s'], { net })).toEqual({
        ...refused,
        notices: ['the program may not connect to the socket /mnt/s: --net=unix:/mnt/s allows it'],
      });
    }
    expect(visits()).toBe(0);
    for (const rule of ['unix:/mnt/s', 'unix:/mnt', 'unix:/mnt/', '*']) {
      const granted = await ask(['ask', '/mnt/../mnt/s'], { net: { connect: [rule] } });
      expect(granted).toEqual({ said: 'heard host!', notices: [] });
    }
    expect(visits()).toBe(4);
  });

  it('of the host are not reached in the place of one of the program’s own', async () => {
    const { visits } = await serveAt(join(folder, 'host'));
    const { said } = await ask(['swap', '/mnt/own', '/mnt/host']);
    expect(said).toBe(`errno ${Errno.ACCES}`);
    expect(visits()).toBe(0);
  });

  it('of the host are not reached either while files change places', async () => {
    const { visits } = await serveAt(join(folder, 'host'));
    await ask(['race', '/mnt/own', '/mnt/host']);
    expect(visits()).toBe(0);
  });

  it('are not reached by a link out of the granted directory', async () => {
    const { visits } = await serveAt(join(folder, 'outside'));
    mkdirSync(join(folder, 'granted'));
    symlinkSync(join(folder, 'outside'), join(folder, 'granted', 'absolute'));
    symlinkSync('../outside', join(folder, 'granted', 'relative'));
    const dirs = [{ host: join(folder, 'granted'), guest: '/mnt' }];
    for (const link of ['/mnt/absolute', '/mnt/relative']) {
      expect((await ask(['ask', link], { dirs, net: true })).said).toBe(`errno ${Errno.NOENT}`);
    }
    expect(visits()).toBe(0);
  });

  it('are not made in a directory for reading only, but reached there', async () => {
    await serveAt(join(folder, 's'));
    const dirs = [{ host: folder, guest: '/mnt', readOnly: true }];
    expect((await ask(['bind', '/mnt/new'], { dirs })).said).toBe(`errno ${Errno.ROFS}`);
    expect((await ask(['bind', '/mnt/s'], { dirs })).said).toBe(`errno ${Errno.ADDRINUSE}`);
    const asked = await ask(['ask', '/mnt/s'], { dirs, net: { connect: ['unix:/mnt'] } });
    expect(asked.said).toBe('heard host!');
    expect(readdirSync(folder)).toEqual(['s']);
  });

  it('have names of 75 bytes wherever their directory is', async () => {
    const deep = join(folder, ...Array.from({ length: 20 }, () => 'deep-directory'));
    mkdirSync(deep, { recursive: true });
    const dirs = [{ host: deep, guest: '/mnt' }];
    expect((await ask(['bind', `/mnt/${'n'.repeat(75)}`], { dirs })).said).toBe('errno 0');
    expect((await ask(['bind', `/mnt/${'n'.repeat(101)}`], { dirs })).said).toBe(
      `errno ${Errno.NAMETOOLONG}`,
    );
    expect(readdirSync(deep)).toEqual(['n'.repeat(75)]);
  });

  it('leave no descriptor and no file of the runtime’s behind', { timeout: 60_000 }, async () => {
    const storm = () => runGuest('wasix/unix-peer', { args: ['storm', '/tmp/s', '40'], maxThreads: 8 });
    expect((await storm()).exitCode).toBe(0);
    await pause(50);
    const before = { descriptors: openDescriptors(), remains: remains() };
    for (let run = 0; run < 4; run++) expect((await storm()).exitCode).toBe(0);
    await pause(50);
    expect({ descriptors: openDescriptors(), remains: remains() }).toEqual(before);
    expect(before.remains).toEqual([]);
  });

  it('leave nothing behind either when the program is killed while it makes and connects them', async () => {
    const before = openDescriptors();
    for (const delay of [0, 40, 90, 160]) {
      const child = spawn(guest('wasix/unix-peer'), {
        args: ['storm', '/tmp/s', '100000'],
        stdout: 'ignore',
        stderr: 'ignore',
        maxThreads: 8,
      });
      await pause(150 + delay);
      child.kill();
      expect(await child.wait()).toMatchObject({ reason: 'signal' });
    }
    await pause(50);
    expect(openDescriptors()).toBe(before);
    expect(remains()).toEqual([]);
  });

  it('are closed when the program is killed', async () => {
    const server = createServer();
    servers.push(server);
    server.listen(join(folder, 's'));
    await once(server, 'listening');
    const before = openDescriptors();
    const connection = once(server, 'connection');
    const child = spawn(guest('wasix/unix-peer'), {
      args: ['hold', '/mnt/s'],
      dirs: [{ host: folder, guest: '/mnt' }],
      net: true,
      stdout: 'ignore',
      stderr: 'ignore',
    });
    const [socket] = await connection;
    const closed = once(socket, 'close');
    child.kill();
    expect(await child.wait()).toMatchObject({ reason: 'signal' });
    await closed;
    await pause(50);
    expect(openDescriptors()).toBe(before);
    expect(existsSync(join(folder, 's'))).toBe(true);
  });
});
