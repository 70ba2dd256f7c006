import { describe, expect, test } from 'vitest';
import { formatIp, parseIp, shortIp, unmapped } from '../../../../src/kernel/sockets/ip-text.js';

describe('addresses as text', () => {
  test.each([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['0.0.0.0', [0, 0, 0, 0]],
    ['::', new Array(16).fill(0)],
    ['::1', [...new Array(15).fill(0), 1]],
    ['fe80::1:0:2', [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2]],
    ['1:2:3:4:5:6:7:8', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]],
    ['1:0:0:2::3', [0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3]],
  ])('%s is read and written', (text, octets) => {
    expect([...parseIp(text)!]).toEqual(octets);
    expect([...parseIp(formatIp(parseIp(text)!))!]).toEqual(octets);
    expect([...parseIp(shortIp(parseIp(text)!))!]).toEqual(octets);
  });

  test('the longest run of zeros is left out', () => {
    expect(shortIp(parseIp('1:0:0:2:0:0:0:3')!)).toBe('1:0:0:2::3');
    expect(shortIp(parseIp('0:0:0:0:0:0:0:1')!)).toBe('::1');
    expect(shortIp(parseIp('2001:db8:0:1:1:1:1:1')!)).toBe('2001:db8:0:1:1:1:1:1');
    expect(shortIp(parseIp('10:0:0:0:0:0:0:0')!)).toBe('10::');
  });

  test('an IPv4 address inside an IPv6 one is found', () => {
    expect([...unmapped(parseIp('::ffff:10.1.2.3')!)]).toEqual([10, 1, 2, 3]);
    expect(unmapped(parseIp('::10.1.2.3')!)).toHaveLength(16);
    expect(unmapped(parseIp('10.1.2.3')!)).toHaveLength(4);
  });

  test.each(['', '1.2.3', '1.2.3.256', 'localhost', '1::2::3', ':1'])('%j is none', (text) => {
    expect(parseIp(text)).toBeUndefined();
  });
});
