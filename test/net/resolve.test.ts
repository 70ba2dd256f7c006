/** Guests that resolve names, with a name server of the tests' own on 127.0.0.1; nothing leaves this machine. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type GuestProcess, type RunOptions, spawn } from '../../src/index.js';
import { guest, runGuest } from '../guests.js';
import { openDescriptors, serve } from './guest-peer.js';
import { type NameRecord, type NameServer, startNameServer } from './name-server.js';

const PROGRAM = 'wasix/resolve-peer';

let server: NameServer | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

/** Runs the program with a name server that knows `names`; answers the lines of its output, and what the operator read. */
async function resolve(
  names: Readonly<Record<string, NameRecord>>,
  connect: readonly string[],
  args: readonly string[],
  options: Pick<RunOptions, 'maxThreads'> = {},
): Promise<{ readonly lines: string[]; readonly notices: readonly string[] }> {
  server = await startNameServer(names);
  const net = { connect, dns: [server.address] };
  const { stdout, notices } = await runGuest(PROGRAM, { args, net, ...options });
  return { lines: stdout.split('\n').slice(0, -1), notices };
}

const names = {
  'both.test': ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
  'six.test': ['2001:db8::2'],
  'none.test': [],
  'broken.test': { code: 2 },
  'refused.test': { code: 5 },
  'inside.test': [
    '127.0.0.1',
    '10.0.0.1',
    '::1',
    '169.254.169.254',
    '0.0.0.0',
    'fe80::1',
    '::ffff:127.0.0.1',
  ],
  'here.test': ['127.0.0.1'],
};

describe('resolve', { timeout: 30_000 }, () => {
  it('answers the addresses of both families', async () => {
    const { lines } = await resolve(names, ['*'], ['resolve', 'both.test', 'resolve', 'six.test']);
    expect(lines).toEqual([
      'both.test 192.0.2.1 192.0.2.2 2001:db8:0:0:0:0:0:1',
      'six.test 2001:db8:0:0:0:0:0:2',
    ]);
  });

  it('answers NOENT for names that are not or have no address, AGAIN for servers that cannot tell', async () => {
    const asked = ['missing.test', 'none.test', 'broken.test', 'refused.test'];
    const { lines } = await resolve(
      names,
      ['*'],
      asked.flatMap((name) => ['resolve', name]),
    );
    expect(lines).toEqual([
      'missing.test errno 44',
      'none.test errno 44',
      'broken.test errno 6',
      'refused.test errno 6',
    ]);
  });

  it('asks no server for localhost', async () => {
    const lied = { localhost: ['192.0.2.1'] };
    const { lines } = await resolve(lied, ['*'], ['resolve', 'localhost']);
    expect(lines[0]).toMatch(/^localhost( 127\.0\.0\.1| 0:0:0:0:0:0:0:1)+$/);
    expect(server!.asked).toEqual([]);
  });

  it('resolves 32 names from 32 threads at once', async () => {
    const many = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`n${i}.test`, ['192.0.2.9']]));
    const { lines } = await resolve(many, ['*'], ['many', '32', 'test'], { maxThreads: 33 });
    expect(lines).toEqual(['resolved 32 of 32']);
  });

  it('answers what there is room for when a name has many addresses', async () => {
    const all = Array.from({ length: 24 }, (_, i) => `192.0.2.${i + 1}`);
    const { lines } = await resolve({ 'many.test': all }, ['*'], ['resolve', 'many.test']);
    expect(lines[0]!.split(' ').slice(1)).toEqual(all.slice(0, 16));
  });
});

describe('what may be resolved', { timeout: 30_000 }, () => {
  it('is nothing without a grant: no server is asked, and the operator is told once', async () => {
    const { lines, notices } = await resolve(names, [], ['resolve', 'both.test', 'resolve', 'six.test']);
    expect(lines).toEqual(['both.test errno 2', 'six.test errno 2']);
    expect(notices).toEqual(['the program may not resolve both.test: --net=both.test allows it']);
    expect(server!.asked).toEqual([]);
  });

  it('is the names of the grants, in any case and with a final dot', async () => {
    const asked = ['BOTH.test.', 'six.test', 'www.both.test'];
    const { lines } = await resolve(
      names,
      ['Both.Test:443', '10.0.0.0/8'],
      asked.flatMap((name) => ['resolve', name]),
    );
    expect(lines).toEqual([
      'BOTH.test. 192.0.2.1 192.0.2.2 2001:db8:0:0:0:0:0:1',
      'six.test errno 2',
      'www.both.test errno 2',
    ]);
    expect(new Set(server!.asked.map((name) => name.toLowerCase()))).toEqual(new Set(['both.test']));
  });

  it('is cut to addresses that may be connected to: a name grants no address of this machine', async () => {
    const { lines } = await resolve(names, ['inside.test'], ['resolve', 'inside.test']);
    expect(lines).toEqual(['inside.test 10.0.0.1']);
  });

  it('is refused where no such address is left, with the remedy', async () => {
    const { lines, notices } = await resolve(names, ['here.test'], ['resolve', 'here.test']);
    expect(lines).toEqual(['here.test errno 2']);
    expect(notices).toEqual([
      'the program may not connect to 127.0.0.1, which here.test resolves to: --net=127.0.0.1 allows it',
    ]);
  });

  it('is all that a grant by number or * allows as well', async () => {
    const { lines } = await resolve(names, ['here.test', 'loopback:1'], ['resolve', 'here.test']);
    expect(lines).toEqual(['here.test 127.0.0.1']);
    server!.close();
    const all = await resolve(names, ['*:1'], ['resolve', 'here.test']);
    expect(all.lines).toEqual(['here.test 127.0.0.1']);
  });
});

describe('connecting by a name', { timeout: 30_000 }, () => {
  it('reaches no address of this machine, though the name resolves to it', async () => {
    const local = await serve((socket) => socket.end());
    const { lines } = await resolve(
      names,
      ['here.test', 'inside.test'],
      ['connect', '127.0.0.1', local.port],
    );
    expect(lines).toEqual(['127.0.0.1 connect 2']);
    // Not even asked: no answer could allow it.
    expect(server!.asked).toEqual([]);
    local.server.close();
  });

  it('reaches what localhost has, for the port that is granted', async () => {
    const local = await serve((socket) => socket.end());
    const connect = ['connect', '127.0.0.1', local.port];
    const { lines } = await resolve(names, [`localhost:${local.port}`], connect);
    expect(lines).toEqual(['127.0.0.1 connect 0']);
    server!.close();
    const other = await resolve(names, ['localhost:1'], connect);
    expect(other.lines).toEqual(['127.0.0.1 connect 2']);
    local.server.close();
  });
});

it('port_addr_list tells all addresses of this machine where the whole network is granted', async () => {
  const { stdout, exitCode } = await runGuest('wasix/port-calls', { args: ['all'], net: true });
  expect({ failed: stdout.match(/^FAIL.*/gm), exitCode }).toEqual({ failed: null, exitCode: 0 });
});

describe('a lookup without an end', { timeout: 30_000 }, () => {
  /** Starts the program with a name server that keeps silent, and waits until it has been asked. */
  async function startSilent(args: readonly string[]): Promise<GuestProcess> {
    server = await startNameServer({ 'silent.test': 'silent' });
    const heard = server.heard();
    const net = { connect: ['*'], dns: [server.address] };
    const process = spawn(guest(PROGRAM), { args, net, stdout: 'ignore' });
    await heard;
    return process;
  }

  it('does not keep a program from ending', async () => {
    const process = await startSilent(['leave', 'silent.test', 'wait', 'exit']);
    const started = performance.now();
    process.stdin!.end('g');
    expect(await process.wait()).toMatchObject({ reason: 'exit', exitCode: 0 });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('ends with a program that is killed while it waits', async () => {
    const process = await startSilent(['resolve', 'silent.test']);
    const started = performance.now();
    process.kill();
    expect(await process.wait()).toMatchObject({ reason: 'signal', exitCode: 143 });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('leaves no descriptor behind, ended or killed', async () => {
    const round = async () => {
      const process = await startSilent(['resolve', 'localhost', 'resolve', 'silent.test']);
      process.kill();
      await process.wait();
      server!.close();
      await resolve({ 'a.test': ['192.0.2.1'] }, ['*'], ['resolve', 'a.test', 'resolve', 'missing.test']);
      server!.close();
      server = undefined;
    };
    await round();
    await pause(50);
    const before = openDescriptors();
    for (let i = 0; i < 4; i++) await round();
    await pause(50);
    expect(openDescriptors()).toBe(before);
  });
});
