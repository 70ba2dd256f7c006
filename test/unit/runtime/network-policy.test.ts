import { describe, expect, test } from 'vitest';
import { AddressFamily } from '../../../src/abi/socket.js';
import type { SocketAddress } from '../../../src/kernel/sockets/address.js';
import { parseIp } from '../../../src/kernel/sockets/ip-text.js';
import { LoadError } from '../../../src/runtime/load-error.js';
import {
  allows,
  mayAnswer,
  mayResolve,
  namesFor,
  parseNameServer,
  parseRule,
  policyOf,
} from '../../../src/runtime/network-policy.js';

function at(host: string, port: number): SocketAddress {
  const octets = parseIp(host)!;
  return { family: octets.length === 4 ? AddressFamily.INET4 : AddressFamily.INET6, port, octets };
}

function isSame(octets: Uint8Array, text: string): boolean {
  return Buffer.compare(octets, parseIp(text)!) === 0;
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

  test('a name allows the addresses that it was resolved to, and only for its port', () => {
    const named = rules('Example.org.:443', 'other.example');
    const answered = (name: string, octets: Uint8Array) =>
      name === 'example.org' && ['10.0.0.7', '2001:db8::7'].some((known) => isSame(octets, known));
    expect(namesFor(named, at('10.0.0.7', 443))).toEqual(['example.org', 'other.example']);
    expect(namesFor(named, at('10.0.0.7', 80))).toEqual(['other.example']);
    expect(allows(named, at('10.0.0.7', 443), answered)).toBe(true);
    expect(allows(named, at('::ffff:10.0.0.7', 443), answered)).toBe(true);
    expect(allows(named, at('2001:db8::7', 443), answered)).toBe(true);
    expect(allows(named, at('10.0.0.7', 80), answered)).toBe(false);
    expect(allows(named, at('10.0.0.8', 443), answered)).toBe(false);
  });

  test.each([
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '::ffff:127.0.0.1',
    '::127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::169.254.169.254',
    '0.0.0.0',
    '0.1.2.3',
    '::',
    '169.254.169.254',
    'fe80::1',
    'febf::1',
    '224.0.0.1',
    'ff02::1',
    '255.255.255.255',
  ])('a name does not allow %s, whatever it resolves to, unless a rule names the address', (host) => {
    const always = () => true;
    const octets = parseIp(host)!;
    expect(allows(rules('example.org', '*:1'), at(host, 80), always)).toBe(false);
    expect(namesFor(rules('example.org'), at(host, 80))).toEqual([]);
    expect(mayAnswer(rules('example.org'), 'example.org', octets)).toBe(false);
    expect(mayAnswer(rules('example.org', host), 'example.org', octets)).toBe(true);
    expect(allows(rules('example.org', host), at(host, 80))).toBe(true);
  });

  test('localhost allows this machine and nothing else', () => {
    const always = () => true;
    expect(allows(rules('localhost'), at('127.0.0.1', 80), always)).toBe(true);
    expect(allows(rules('LOCALHOST.:80'), at('::1', 80), always)).toBe(true);
    expect(allows(rules('localhost'), at('10.0.0.1', 80), always)).toBe(false);
    expect(allows(rules('localhost'), at('127.0.0.1', 80))).toBe(false);
  });

  test('names that the rules are about may be resolved, with * all, and localhost with any rule', () => {
    expect(mayResolve(rules('example.org:443'), 'example.org')).toBe(true);
    expect(mayResolve(rules('example.org'), 'www.example.org')).toBe(false);
    expect(mayResolve(rules('*:443'), 'www.example.org')).toBe(true);
    expect(mayResolve(rules('10.0.0.0/8'), 'example.org')).toBe(false);
    expect(mayResolve(rules('127.0.0.1:80'), 'localhost')).toBe(true);
    expect(mayResolve([], 'localhost')).toBe(false);
  });

  test('the answer for a name is cut to what the rules allow at any port', () => {
    const named = rules('example.org:443', 'other.example', '10.0.0.0/8:1');
    const mine = parseIp('192.0.2.1')!;
    expect(mayAnswer(named, 'example.org', mine)).toBe(true);
    expect(mayAnswer(rules('other.example'), 'example.org', mine)).toBe(false);
    expect(mayAnswer(rules('10.0.0.0/8:1'), 'localhost', parseIp('127.0.0.1')!)).toBe(false);
    expect(mayAnswer(rules('*:22'), 'example.org', parseIp('127.0.0.1')!)).toBe(true);
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

test('names are nothing to listen on', () => {
  expect(() => policyOf({ listen: ['localhost:80'] })).toThrow(LoadError);
});

test.each([
  ['192.0.2.1', '192.0.2.1:53'],
  ['192.0.2.1:5353', '192.0.2.1:5353'],
  ['2001:db8::1', '[2001:db8::1]:53'],
  ['[::1]:5353', '[::1]:5353'],
])('the name server %s is asked at %s', (text, server) => {
  expect(parseNameServer(text)).toBe(server);
});

test.each(['', 'ns.example.org', '192.0.2.1:0', '192.0.2.0/24', '[::1', '1.2.3', 'fe80::1%eth0'])(
  '%j is no name server',
  (text) => {
    expect(() => parseNameServer(text)).toThrow(LoadError);
  },
);
