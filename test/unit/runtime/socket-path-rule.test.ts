import { describe, expect, it } from 'vitest';
import { AddressFamily } from '../../../src/abi/socket.js';
import { allows, allowsPath, parseRule, policyOf } from '../../../src/runtime/network-policy.js';

const covers = (rule: string, path: string) => allowsPath([parseRule(rule)], path);

describe('a grant of socket files', () => {
  it.each([
    ['unix:/run/app.sock', '/run/app.sock'],
    ['unix:/run', '/run/app.sock'],
    ['unix:/run/', '/run/deep/app.sock'],
    ['unix:/run/../srv/./app', '/srv/app'],
    ['unix:/', '/run/app.sock'],
    ['*', '/run/app.sock'],
  ])('%s is for %s', (rule, path) => {
    expect(covers(rule, path)).toBe(true);
  });

  it.each([
    ['unix:/run/app', '/run/app.sock'],
    ['unix:/run/app.sock', '/run'],
    ['unix:/run', '/srv/run/app.sock'],
    ['loopback', '/run/app.sock'],
    ['localhost', '/localhost'],
    ['*:80', '/run/app.sock'],
  ])('%s is not for %s', (rule, path) => {
    expect(covers(rule, path)).toBe(false);
  });

  it('is for no internet address', () => {
    const address = { family: AddressFamily.INET4, port: 80, octets: Uint8Array.from([127, 0, 0, 1]) };
    expect(allows([parseRule('unix:/')], address)).toBe(false);
  });

  it('names an absolute path', () => {
    for (const rule of ['unix:', 'unix:app.sock']) expect(() => parseRule(rule)).toThrow('no absolute path');
  });

  it('is not needed to make one', () => {
    expect(() => policyOf({ listen: ['unix:/run'] })).toThrow('needs a writable directory instead');
  });
});
