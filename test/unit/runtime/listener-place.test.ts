import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AddressFamily } from '../../../src/abi/socket.js';
import { parseListener } from '../../../src/runtime/listener-place.js';

const octets = (...values: number[]) => Uint8Array.from(values);

describe('the place of a listener', () => {
  it.each([
    ['127.0.0.1:8080', AddressFamily.INET4, 8080, octets(127, 0, 0, 1)],
    ['0.0.0.0:0', AddressFamily.INET4, 0, octets(0, 0, 0, 0)],
    ['443', AddressFamily.INET4, 443, octets(127, 0, 0, 1)],
    ['[::1]:65535', AddressFamily.INET6, 65535, octets(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)],
  ])('%s', (text, family, port, address) => {
    expect(parseListener(text)).toEqual({
      text,
      address: { family, port, octets: address },
      path: undefined,
    });
  });

  it('may be a socket file, whose path is from the root', () => {
    expect(parseListener('unix:app.sock')).toEqual({
      text: 'unix:app.sock',
      address: undefined,
      path: resolve('app.sock'),
    });
  });

  it.each([
    ['', 'no address with a port'],
    ['127.0.0.1', 'no address with a port'],
    ['::1:80', 'no address with a port'],
    ['[::1]', 'no address with a port'],
    ['localhost:80', '"localhost" is no address'],
    [':80', '"" is no address'],
    ['127.0.0.1:65536', '"65536" is no port, 0 to 65535'],
    ['unix:', 'names no file'],
    [`unix:/${'x'.repeat(107)}`, 'at most 107 bytes'],
  ])('%s is none', (text, problem) => {
    expect(() => parseListener(text)).toThrow(problem);
  });
});
