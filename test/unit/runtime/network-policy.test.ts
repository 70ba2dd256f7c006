import { describe, expect, test } from 'vitest';
import { AddressFamily } from '../../../src/abi/socket.js';
import type { SocketAddress } from '../../../src/kernel/sockets/address.js';
import { parseIp } from '../../../src/kernel/sockets/ip-text.js';
import { LoadError } from '../../../src/runtime/load-error.js';
import { allows, namesFor, parseRule, policyOf } from '../../../src/runtime/network-policy.js';

function at(host: string, port: number): SocketAddress {
  const octets = parseIp(host)!;
  return { family: octets.length === 4 ? AddressFamily.INET4 : AddressFamily.INET6, port, octets };
}

const rules = (...texts: readonly string[]) => texts.map(parseRule);

describe('what a rule allows', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1', 80],
    ['10.0.0.1:80', '10.0.0.1', 80],
    ['10.0.0.0/8', '10.255.1.2', 1],
    ['10.0.0.0/8:443', '10.255.1.2', 443],
    ['0.0.0.0/0', '8.8.8.8', 53],
    ['*', '2001:db8::1', 9],
    ['*:22', '1.2.3.4', 22],
    ['loopback', '127.0.0.1', 1],
    ['loopback', '127.200.0.9', 1],
    ['loopback', '::1', 1],
    ['loopback', '::ffff:127.0.0.1', 1],
    ['loopback:8080', '::1', 8080],
    ['::1', '::1', 5],
    ['[::1]:5', '::1', 5],
    ['[2001:db8::]', '2001:db8::', 5],
    ['2001:db8::/32', '2001:db8:ffff::1', 5],
    ['10.0.0.1', '::ffff:10.0.0.1', 80],
    ['::ffff:10.0.0.0/104', '10.9.9.9', 80],
  ])('%s allows %s port %i', (rule, host, port) => {
    expect(allows(rules(rule), at(host, port))).toBe(true);
  });

  test.each([
    ['10.0.0.1', '10.0.0.2', 80],
    ['10.0.0.1:80', '10.0.0.1', 81],
    ['10.0.0.0/8', '11.0.0.1', 1],
    ['10.0.0.0/31', '10.0.0.2', 1],
    ['*:22', '1.2.3.4', 23],
    ['loopback', '128.0.0.1', 1],
    ['loopback', '0.0.0.0', 1],
    ['loopback', '::', 1],
    ['loopback', '::2', 1],
    ['loopback', '::ffff:10.0.0.1', 1],
    ['::1', '127.0.0.1', 5],
    ['0.0.0.0', '127.0.0.1', 5],
    ['::/0', '10.0.0.1', 5],
    ['127.0.0.1', '::1', 5],
    ['example.org', '127.0.0.1', 5],
  ])('%s does not allow %s port %i', (rule, host, port) => {
    expect(allows(rules(rule), at(host, port))).toBe(false);
  });

  test('a name allows the addresses that it has, and only for its port', () => {
    const named = rules('example.org:443', 'other.example');
    const resolved = new Map([['example.org', [parseIp('10.0.0.7')!, parseIp('2001:db8::7')!]]]);
    expect(namesFor(named, 443)).toEqual(['example.org', 'other.example']);
    expect(namesFor(named, 80)).toEqual(['other.example']);
    expect(allows(named, at('10.0.0.7', 443), resolved)).toBe(true);
    expect(allows(named, at('2001:db8::7', 443), resolved)).toBe(true);
    expect(allows(named, at('10.0.0.7', 80), resolved)).toBe(false);
    expect(allows(named, at('10.0.0.8', 443), resolved)).toBe(false);
  });

  test('nothing is allowed without a rule', () => {
    for (const policy of [policyOf(false), policyOf({})]) {
      expect(allows(policy.connect, at('127.0.0.1', 1))).toBe(false);
      expect(allows(policy.listen, at('127.0.0.1', 1))).toBe(false);
    }
    const all = policyOf(true);
    expect(allows(all.connect, at('1.2.3.4', 1)) && allows(all.listen, at('::', 0))).toBe(true);
  });

  test('connecting and listening are granted apart', () => {
    const policy = policyOf({ connect: ['loopback'] });
    expect(allows(policy.connect, at('127.0.0.1', 1))).toBe(true);
    expect(allows(policy.listen, at('127.0.0.1', 1))).toBe(false);
  });
});

test.each([
  '',
  ':80',
  'host:',
  'host:0',
  'host:65536',
  'host:http',
  '1.2.3',
  '1.2.3.4/33',
  '1.2.3.4/',
  '1.2.3.4/8/9',
  '[::1',
  'a b',
  '-x',
  '*x',
])('%j is no rule', (text) => {
  expect(() => parseRule(text)).toThrow(LoadError);
});
