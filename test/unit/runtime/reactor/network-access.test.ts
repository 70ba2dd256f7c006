import { describe, expect, test } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { familyOf, type SocketAddress } from '../../../../src/kernel/sockets/address.js';
import { parseIp, shortIp } from '../../../../src/kernel/sockets/ip-text.js';
import { policyOf } from '../../../../src/runtime/network-policy.js';
import { NetworkAccess } from '../../../../src/runtime/reactor/network-access.js';
import type { Resolution } from '../../../../src/runtime/reactor/resolver.js';

function at(host: string, port: number): SocketAddress {
  const octets = parseIp(host)!;
  return { family: familyOf(octets), port, octets };
}

/** Names with changing addresses, and how often each was looked up. */
class Names {
  readonly table = new Map<string, readonly string[]>();
  readonly lookedUp: string[] = [];

  resolve(name: string): Promise<Resolution> {
    this.lookedUp.push(name);
    const addresses = (this.table.get(name) ?? []).map((text) => parseIp(text)!);
    return Promise.resolve({ errno: addresses.length > 0 ? Errno.SUCCESS : Errno.NOENT, addresses });
  }
}

function accessOf(connect: readonly string[], listen: readonly string[] = []) {
  const names = new Names();
  const notices: string[] = [];
  const access = new NetworkAccess(policyOf({ connect, listen }), names, (text) => notices.push(text));
  const resolve = async (name: string) => {
    const { errno, addresses } = await access.resolve(name);
    return errno === Errno.SUCCESS ? addresses.map(shortIp) : errno;
  };
  return { access, names, notices, resolve };
}

describe('a grant with a name', () => {
  test('is about what the name was answered to the program, whatever it resolves to by then', async () => {
    const { access, names, resolve } = accessOf(['a.test:80']);
    names.table.set('a.test', ['192.0.2.1']);
    expect(await resolve('a.test')).toEqual(['192.0.2.1']);
    names.table.set('a.test', ['192.0.2.2']);
    expect(await access.mayConnect(at('192.0.2.1', 80))).toBe(true);
    expect(names.lookedUp).toEqual(['a.test']);
    expect(await access.mayConnect(at('192.0.2.1', 81))).toBe(false);
    // Who connects by number gets as far as the name does now.
    expect(await access.mayConnect(at('192.0.2.2', 80))).toBe(true);
    expect(await access.mayConnect(at('192.0.2.3', 80))).toBe(false);
  });

  test('does not open this machine, whatever the name resolves to and whenever', async () => {
    const { access, names, notices, resolve } = accessOf(['a.test']);
    names.table.set('a.test', ['192.0.2.1']);
    expect(await resolve('a.test')).toEqual(['192.0.2.1']);
    names.table.set('a.test', ['127.0.0.1', '::1', '169.254.169.254']);
    expect(await access.mayConnect(at('127.0.0.1', 80))).toBe(false);
    expect(await resolve('a.test')).toBe(Errno.ACCES);
    for (const host of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', '0.0.0.0']) {
      expect(await access.mayConnect(at(host, 80))).toBe(false);
    }
    expect(notices).toEqual([
      'the program may not connect to 127.0.0.1:80: --net=127.0.0.1:80 allows it',
      'the program may not connect to 127.0.0.1, which a.test resolves to: --net=127.0.0.1 allows it',
    ]);
  });

  test('does not grant what another name was answered', async () => {
    const { access, names, resolve } = accessOf(['a.test:80', 'b.test:81']);
    names.table.set('b.test', ['192.0.2.2']);
    expect(await resolve('b.test')).toEqual(['192.0.2.2']);
    expect(await access.mayConnect(at('192.0.2.2', 80))).toBe(false);
    expect(await access.mayConnect(at('192.0.2.2', 81))).toBe(true);
  });
});

test('what is no name is not looked up and not shown to the operator', async () => {
  const { names, notices, resolve } = accessOf(['*']);
  for (const text of ['a b', 'a\u001b[2J', 'a\nb', '-', '', '.', `${'a'.repeat(254)}`, 'a/b', 'x%00y']) {
    expect(await resolve(text)).toBe(Errno.NOENT);
  }
  expect({ notices, asked: names.lookedUp }).toEqual({ notices: [], asked: [] });
});

test('names with other letters are looked up as DNS has them', async () => {
  const { names, resolve } = accessOf(['xn--bcher-kva.test']);
  names.table.set('xn--bcher-kva.test', ['192.0.2.1']);
  expect(await resolve('Bücher.test')).toEqual(['192.0.2.1']);
});

test('interfaces are those that may be listened on', () => {
  const none = accessOf(['*']).access.interfaces();
  expect(none).toEqual({ errno: Errno.NOTSUP, addresses: [] });
  const { errno, addresses } = accessOf([], ['127.0.0.0/8:80']).access.interfaces();
  expect(errno).toBe(Errno.SUCCESS);
  expect(addresses).toContainEqual(at('127.0.0.1', 8));
  expect(addresses.filter(({ octets }) => octets[0] !== 127)).toEqual([]);
});
