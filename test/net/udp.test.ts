/** Guests that exchange datagrams with sockets of Node's: fixtures/wasix/udp-peer. */
import { createSocket, type RemoteInfo, type Socket, type SocketType } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunOptions } from '../../src/index.js';
import { runGuest } from '../guests.js';
import { type GuestPeer, LOOPBACK, openDescriptors, startPeer } from './guest-peer.js';

const peer = (args: readonly string[], options?: RunOptions): GuestPeer =>
  startPeer(args, options, 'wasix/udp-peer');

const open: Socket[] = [];

afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

/** A socket on a free port of `host`. */
async function bound(host = '127.0.0.1', type: SocketType = 'udp4'): Promise<Socket> {
  const socket = createSocket(type);
  open.push(socket);
  socket.bind(0, host);
  await once(socket, 'listening');
  return socket;
}

const portOf = (socket: Socket): string => String(socket.address().port);

/** Sends `bytes` and answers what comes back next. */
async function exchanged(socket: Socket, port: number, host: string, bytes: Uint8Array): Promise<Buffer> {
  const reply = once(socket, 'message') as Promise<[Buffer, RemoteInfo]>;
  socket.send(bytes, port, host);
  const [message, sender] = await reply;
  expect(sender.port).toBe(port);
  return message;
}

/** Numbered datagrams of 1,000 bytes, as `late` of the guest checks them. */
function numbered(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => {
    const bytes = Buffer.alloc(1000, i & 0xff);
    bytes.writeUInt32LE(i);
    return bytes;
  });
}

function sendAll(socket: Socket, datagrams: readonly Buffer[], port: number): Promise<unknown> {
  const send = (bytes: Buffer) =>
    new Promise<void>((resolve, reject) => {
      socket.send(bytes, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
  return Promise.all(datagrams.map(send));
}

/** A socket that sends to `group`; undefined where another socket of Node's does not hear it. */
async function groupSender(
  type: SocketType,
  any: string,
  group: string,
  on: string | undefined,
): Promise<Socket | undefined> {
  try {
    const receiver = await bound(any, type);
    const sender = await bound(on ?? any, type);
    receiver.addMembership(group, on);
    if (on) sender.setMulticastInterface(on);
    const heard = once(receiver, 'message', { signal: AbortSignal.timeout(1000) });
    sender.send('heard', Number(portOf(receiver)), group, () => undefined);
    await heard;
    return sender;
  } catch {
    return undefined;
  }
}

describe('a guest with datagram sockets', { timeout: 30_000 }, () => {
  it('sends back datagrams of every size, each as it came', async () => {
    const guest = peer(['echo']);
    const port = await guest.port();
    const socket = await bound();
    for (const size of [0, 1, 31, 32, 33, 511, 1472, 9000, 65_506, 65_507, 7]) {
      const bytes = Buffer.from(Array.from({ length: size }, (_, i) => (i * 31 + size) & 0xff));
      expect((await exchanged(socket, port, '127.0.0.1', bytes)).equals(bytes)).toBe(true);
    }
    socket.send('quit', port, '127.0.0.1');
    expect(await guest.process.wait()).toMatchObject({ reason: 'exit', exitCode: 0 });
  });

  it('answers each of 40 clients at its own address', async () => {
    const guest = peer(['echo']);
    const port = await guest.port();
    const sockets = await Promise.all(Array.from({ length: 40 }, (_, i) => bound(`127.0.0.${i + 2}`)));
    for (let round = 0; round < 3; round++) {
      const replies = await Promise.all(
        sockets.map((socket, i) => exchanged(socket, port, '127.0.0.1', Buffer.from(`${round} ${i}`))),
      );
      expect(replies.map(String)).toEqual(sockets.map((_, i) => `${round} ${i}`));
    }
    sockets[0]!.send('quit', port, '127.0.0.1');
    await guest.process.wait();
  });

  it('speaks IPv6', async (context) => {
    const socket = await bound('::1', 'udp6').catch(() => undefined);
    if (!socket) return context.skip('this machine has no IPv6');
    const guest = peer(['echo6']);
    const port = await guest.port();
    const bytes = Buffer.alloc(65_527, 'v6');
    expect((await exchanged(socket, port, '::1', bytes)).equals(bytes)).toBe(true);
    socket.send('quit', port, '::1');
    await guest.process.wait();
  });

  it('asks as a resolver does, again when there is no answer', async () => {
    const server = await bound();
    let queries = 0;
    server.on('message', (query, { port, address }) => {
      expect(query.subarray(13, 20).toString()).toBe('example');
      // The first is lost, and an answer that is none comes first.
      if (queries++ === 0) return;
      const answer = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 33]);
      server.send(Buffer.concat([query, answer]), port, address);
    });
    const guest = peer(['ask', portOf(server)]);
    expect(await guest.line()).toMatch(/^try [2-9]: 192\.0\.2\.33$/);
    await guest.process.wait();
    expect(queries).toBeGreaterThanOrEqual(2);
  });

  it('is refused by a port that nobody has, and tries on', async () => {
    const server = await bound();
    const port = portOf(server);
    open.pop();
    server.close();
    await once(server, 'close');
    const guest = peer(['ask', port]);
    expect(await guest.line()).toBe('no answer: -14');
    await guest.process.wait();
  });

  it('exchanges 1,000 datagrams one after the other', async () => {
    const server = await bound();
    server.on('message', (bytes, { port, address }) => server.send(bytes, port, address));
    const guest = peer(['count', portOf(server), '1000']);
    expect(await guest.line()).toBe('1000 exchanged, 0 wrong');
    await guest.process.wait();
  });

  it('sends 1,000 without a pause: all go out, and what arrives is whole and in order', async () => {
    const server = await bound();
    server.setRecvBufferSize(4 * 2 ** 20);
    const came: number[] = [];
    server.on('message', (bytes) => came.push(bytes.length === 1000 ? bytes.readUInt32LE() : -1));
    const guest = peer(['flood', portOf(server), '1000']);
    expect(await guest.line()).toBe('1000 sent');
    // The end of the program waits for what it has sent.
    expect(await guest.process.wait()).toMatchObject({ exitCode: 0 });
    await pause(100);
    expect(came).toEqual([...came].sort((a, b) => a - b));
    expect(new Set(came).size).toBe(came.length);
    expect(came.length).toBeGreaterThan(100);
  });

  it('that reads late finds what there was room for, in order, and then what comes', async () => {
    const guest = peer(['late']);
    const port = await guest.port();
    const socket = await bound();
    const before = process.memoryUsage.rss();
    const datagrams = numbered(1000);
    for (let i = 0; i < datagrams.length; i += 50) {
      await sendAll(socket, datagrams.slice(i, i + 50), port);
      await pause(1);
    }
    await pause(100);
    expect(process.memoryUsage.rss() - before).toBeLessThan(16 * 2 ** 20);
    guest.process.stdin!.write('g');
    const [, got] = /^received (\d+), 0 wrong$/.exec(await guest.line()) ?? [];
    // The ring has room for 124, and the system keeps some dozens until they are taken; the rest is lost.
    expect(Number(got)).toBeGreaterThan(60);
    expect(Number(got)).toBeLessThanOrEqual(124);
    socket.send('afterwards', port, '127.0.0.1');
    expect(await guest.line()).toBe('then 10');
    await guest.process.wait();
  });

  it('is ended while it waits, and its port is free again', async () => {
    const guest = peer(['wait']);
    const port = await guest.port();
    guest.process.kill();
    expect(await guest.process.wait()).toMatchObject({ reason: 'signal', exitCode: 143 });
    const socket = createSocket('udp4').bind({ port, address: '127.0.0.1', exclusive: true });
    open.push(socket);
    await once(socket, 'listening');
  });

  it.for([
    { mode: 'group', type: 'udp4', any: '0.0.0.0', group: '239.255.43.23', on: '127.0.0.1' },
    // Of the scope of one interface: it never leaves the machine.
    { mode: 'group6', type: 'udp6', any: '::', group: 'ff01::77', on: undefined },
  ] as const)(
    'receives from $group, which it has joined',
    async ({ mode, type, any, group, on }, context) => {
      const sender = await groupSender(type, any, group, on);
      if (!sender) return context.skip('this machine carries no groups');
      const guest = peer([mode], { net: { listen: [any === '::' ? '[::]' : any, group] } });
      expect(await guest.line()).toBe('join 0');
      sender.send('to all', await guest.port(), group);
      expect(await guest.line()).toBe('received 6: to all');
      await guest.process.wait();
    },
  );
});

describe('the grants of datagram sockets', { timeout: 30_000 }, () => {
  it('a guest that may listen answers who has sent to it, without a grant to connect', async () => {
    const guest = peer(['echo'], { net: { listen: ['127.0.0.1'] } });
    const port = await guest.port();
    const clients = await Promise.all([bound(), bound('127.0.0.9')]);
    for (const client of [...clients, ...clients])
      expect(String(await exchanged(client, port, '127.0.0.1', Buffer.from('who')))).toBe('who');
    clients[0]!.send('quit', port, '127.0.0.1');
    expect(await guest.process.wait()).toMatchObject({ reason: 'exit', exitCode: 0 });
  });

  it('are asked for each destination, and the operator is told once', async () => {
    const notices: string[] = [];
    const server = await bound();
    const port = portOf(server);
    let came = 0;
    server.on('message', () => came++);
    const guest = peer(['flood', port, '20'], { net: false, onNotice: (line) => notices.push(line) });
    expect(await guest.line()).toBe('0 sent');
    await guest.process.wait();
    await pause(50);
    expect(came).toBe(0);
    const expected = `the program may not connect to 127.0.0.1:${port}: --net=127.0.0.1:${port} allows it`;
    expect(notices).toEqual([expected]);
  });

  it('let a program send without one to bind', async () => {
    const server = await bound();
    server.on('message', (bytes, { port, address }) => server.send(bytes, port, address));
    const guest = peer(['count', portOf(server), '3'], { net: { connect: [`127.0.0.1:${portOf(server)}`] } });
    expect(await guest.line()).toBe('3 exchanged, 0 wrong');
    await guest.process.wait();
  });

  it('are asked to bind, and to join a group', async () => {
    const args = ['group'];
    const bind = await runGuest('wasix/udp-peer', { args, net: { connect: ['*'] } });
    expect(bind.exitCode).toBe(3);
    expect(bind.notices[0]).toMatch(/^the program may not bind 0\.0\.0\.0: /);
    const join = await runGuest('wasix/udp-peer', { args, net: { listen: ['0.0.0.0'] } });
    expect(join.stdout).toBe('join 2\n');
    expect(join.notices[0]).toMatch(/^the program may not bind 239\.255\.43\.23:\d+: /);
  });

  it('hold for more destinations than either side remembers', async () => {
    const args = ['far', '1500'];
    const result = await runGuest('wasix/udp-peer', {
      args,
      net: { connect: ['loopback'], listen: ['0.0.0.0'] },
    });
    expect(result.stdout).toBe('heard 1501\n');
  });
});

it('leaves nothing of thousands of datagram sockets', { timeout: 60_000 }, async () => {
  // More than there would be room for in the kernel's memory if each kept its rings.
  const churn = (count: string) => runGuest('wasix/udp-peer', { args: ['churn', count], net: LOOPBACK });
  expect((await churn('10')).exitCode).toBe(0);
  await pause(50);
  const before = openDescriptors();
  expect(await churn('4000')).toMatchObject({ reason: 'exit', exitCode: 0 });
  await pause(50);
  expect(openDescriptors()).toBe(before);
});
