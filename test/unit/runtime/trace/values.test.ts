import { describe, expect, it } from 'vitest';
import { OFlags } from '../../../../src/abi/flags.js';
import { RIGHTS_ALL, Rights } from '../../../../src/abi/rights.js';
import { Whence } from '../../../../src/abi/whence.js';
import {
  formatBadPointer,
  formatEnum,
  formatFlags,
  formatList,
  formatPointer,
  formatRights,
  integer,
  quoteBytes,
} from '../../../../src/runtime/trace/values.js';

const text = (value: string) => quoteBytes(Buffer.from(value));

describe('quoted bytes', () => {
  it('are escaped as C does', () => {
    expect(text('plain ~')).toBe('"plain ~"');
    expect(text('a\t\n\v\f\r"\\')).toBe('"a\\t\\n\\v\\f\\r\\"\\\\"');
  });

  it('are ASCII: others are octal, as short as the next byte allows', () => {
    expect(text('\0')).toBe('"\\0"');
    expect(text('\x1b[2J')).toBe('"\\33[2J"');
    expect(text('\x001')).toBe('"\\0001"');
    expect(text('\x1b9')).toBe('"\\0339"');
    expect(text('ü8')).toBe('"\\303\\2748"');
    expect(text('\x7f')).toBe('"\\177"');
  });

  it('are cut at 64 bytes, with a mark outside of the quotes', () => {
    expect(text('x'.repeat(64))).toBe(`"${'x'.repeat(64)}"`);
    expect(text('x'.repeat(65))).toBe(`"${'x'.repeat(64)}"…`);
    expect(quoteBytes(Buffer.from('ab'), 100)).toBe('"ab"…');
  });
});

describe('numbers', () => {
  it('are read at their width and sign', () => {
    expect(integer(-1, 8, false)).toBe(255n);
    expect(integer(-1, 32, false)).toBe(0xffff_ffffn);
    expect(integer(-1n, 64, false)).toBe(2n ** 64n - 1n);
    expect(integer(0xffff_ffff, 32, true)).toBe(-1n);
  });

  it('are named where they have a name', () => {
    expect(formatEnum(2, Whence)).toBe('END');
    expect(formatEnum(9, Whence)).toBe('9');
    expect(formatFlags(OFlags.CREAT | OFlags.TRUNC, OFlags)).toBe('CREAT|TRUNC');
    expect(formatFlags(OFlags.EXCL | 0x60, OFlags)).toBe('EXCL|0x60');
    expect(formatFlags(0, OFlags)).toBe('0');
  });

  it('are hexadecimal and unsigned when they are addresses', () => {
    expect(formatPointer(-16)).toBe('0xfffffff0');
    expect(formatBadPointer(0x1234)).toBe('0x1234 (out of memory)');
  });
});

describe('rights', () => {
  it('are ALL when none is missing, whatever the bits above', () => {
    expect(formatRights(RIGHTS_ALL)).toBe('ALL');
    expect(formatRights(2n ** 64n - 1n)).toBe('ALL');
  });

  it('are named one by one when few', () => {
    expect(formatRights(Rights.FD_READ | Rights.FD_WRITE)).toBe('FD_READ|FD_WRITE');
    expect(formatRights(Rights.SOCK_SEND_TO | (1n << 50n))).toBe('SOCK_SEND_TO');
    expect(formatRights(0n)).toBe('0');
  });

  it('name what is missing when that is less', () => {
    expect(formatRights(RIGHTS_ALL & ~Rights.FD_WRITE & ~Rights.FD_ALLOCATE)).toBe(
      'ALL&~(FD_WRITE|FD_ALLOCATE)',
    );
  });
});

describe('lists', () => {
  it('say that there is more', () => {
    expect(formatList(['1', '2'])).toBe('[1, 2]');
    expect(formatList(['1', '2'], 3)).toBe('[1, 2, …]');
    expect(formatList([])).toBe('[]');
  });
});
