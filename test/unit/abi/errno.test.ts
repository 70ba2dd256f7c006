import { describe, expect, test } from 'vitest';
import { Errno, errnoName } from '../../../src/abi/errno.js';

describe('errno', () => {
  test('numbers run from 0 to 80 without a gap, in declaration order', () => {
    expect(Object.values(Errno)).toEqual(Array.from({ length: 81 }, (_, i) => i));
  });

  test('the numbers that guests test for are those of the ABI', () => {
    expect(Errno).toMatchObject({
      SUCCESS: 0,
      TOOBIG: 1,
      AGAIN: 6,
      BADF: 8,
      CHILD: 12,
      EXIST: 20,
      INTR: 27,
      INVAL: 28,
      NOENT: 44,
      NOSYS: 52,
      NOTSUP: 58,
      PIPE: 64,
      TIMEDOUT: 73,
      NOTCAPABLE: 76,
      SHUTDOWN: 77,
      MEMVIOLATION: 78,
      UNKNOWN: 79,
      PENDING: 80,
    });
  });

  test('every number has its ABI name, 2BIG included', () => {
    expect(errnoName(44)).toBe('NOENT');
    expect(errnoName(1)).toBe('2BIG');
    expect(errnoName(80)).toBe('PENDING');
  });

  test('a number without a name is still readable', () => {
    expect(errnoName(123)).toBe('errno 123');
    expect(errnoName(-6)).toBe('errno -6');
  });
});
