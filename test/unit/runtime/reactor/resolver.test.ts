import { afterEach, describe, expect, test } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { formatIp, parseIp, shortIp } from '../../../../src/kernel/sockets/ip-text.js';
import { NameResolver } from '../../../../src/runtime/reactor/resolver.js';
import { Answers } from '../../../../src/runtime/reactor/resolver-answers.js';
import { findInHosts } from '../../../../src/runtime/reactor/resolver-hosts.js';
import { Turns } from '../../../../src/runtime/reactor/resolver-turns.js';
import { type NameServer, startNameServer } from '../../../net/name-server.js';

const FAILED = { errno: Errno.AGAIN, addresses: [] };

describe('a resolver', { timeout: 10_000 }, () => {
  let server: NameServer | undefined;
  afterEach(() => {
    server?.close();
    server = undefined;
  });

  test('gives up when it takes too long, also those that wait for their turn', async () => {
    const silent = Array.from({ length: 20 }, (_, i): [string, 'silent'] => [`s${i}.test`, 'silent']);
    server = await startNameServer({ ...Object.fromEntries(silent), 'a.test': ['192.0.2.1'] });
    const resolver = new NameResolver([server.address], 300);
    const started = performance.now();
    const all = await Promise.all(silent.map(([name]) => resolver.resolve(name)));
    expect(all).toEqual(silent.map(() => FAILED));
    expect(performance.now() - started).toBeLessThan(2000);
    expect(new Set(server.asked).size).toBeLessThan(silent.length);
    // What was given up takes no turn from who comes later.
    expect(await resolver.resolve('a.test')).toMatchObject({ errno: Errno.SUCCESS });
  });

  test('asks once for a name that many ask for at the same time', async () => {
    server = await startNameServer({ 'a.test': ['192.0.2.1'] });
    const resolver = new NameResolver([server.address]);
    const all = await Promise.all(Array.from({ length: 10 }, () => resolver.resolve('a.test')));
    expect(all.every(({ addresses }) => addresses.map(shortIp).join() === '192.0.2.1')).toBe(true);
    expect(server.asked.length).toBe(2);
    await resolver.resolve('a.test');
    expect(server.asked.length).toBe(4);
  });

  test('answers AGAIN where no server is', async () => {
    server = await startNameServer({});
    const { address } = server;
    server.close();
    server = undefined;
    expect(await new NameResolver([address]).resolve('a.test')).toEqual(FAILED);
  });

  test('answers one family when the other fails', async () => {
    server = await startNameServer({ 'six.test': ['2001:db8::1'] });
    const { addresses } = await new NameResolver([server.address]).resolve('six.test');
    expect(addresses.map(shortIp)).toEqual(['2001:db8::1']);
  });
});

test('lookups take turns, in order and after failures too', async () => {
  const turns = new Turns(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const work = async (i: number) => {
    most = Math.max(most, ++running);
    order.push(i);
    await new Promise(setImmediate);
    running--;
    if (i === 1) throw new Error('failed');
  };
  const done = await Promise.allSettled(Array.from({ length: 9 }, (_, i) => turns.take(() => work(i))));
  expect(done.filter(({ status }) => status === 'rejected').length).toBe(1);
  expect({ order, most }).toEqual({ order: [0, 1, 2, 3, 4, 5, 6, 7, 8], most: 2 });
});

describe('answers', () => {
  const a = parseIp('192.0.2.1')!;

  test('count for ten minutes', () => {
    let now = 0;
    const answers = new Answers(() => now);
    answers.add('a.test', [a]);
    expect([answers.has('a.test', a), answers.has('b.test', a)]).toEqual([true, false]);
    now = 599_999;
    expect(answers.has('a.test', a)).toBe(true);
    now = 600_000;
    expect(answers.has('a.test', a)).toBe(false);
    answers.add('a.test', [parseIp('::ffff:192.0.2.1')!]);
    expect(answers.has('a.test', a)).toBe(true);
  });

  test('are at most 256 for a name: those resolved last', () => {
    const answers = new Answers();
    const octets = Array.from({ length: 300 }, (_, i) => Uint8Array.of(192, 0, 2 + (i >> 8), i & 0xff));
    answers.add('a.test', octets.slice(0, 200));
    answers.add('a.test', octets.slice(0, 1));
    answers.add('a.test', octets.slice(200));
    const known = octets.filter((each) => answers.has('a.test', each)).map(formatIp);
    expect(known.length).toBe(256);
    expect(known).toContain('192.0.2.0');
    expect(known).not.toContain('192.0.2.1');
  });
});

test('a hosts file has comments, tabs, several names in a line and several lines for a name', () => {
  const text =
    '# c\n127.0.0.1\tlocalhost\n192.0.2.1 A.test b.test # x.test\n\n2001:db8::1 a.test\nbad a.test\r\n';
  const found = (name: string) => findInHosts(text, name).map(shortIp);
  expect(found('a.test')).toEqual(['192.0.2.1', '2001:db8::1']);
  expect(found('b.test')).toEqual(['192.0.2.1']);
  expect(found('x.test')).toEqual([]);
  expect(found('localhost')).toEqual(['127.0.0.1']);
});
