import { describe, expect, test } from 'vitest';
import { layout } from '../../../src/abi/layout.js';

describe('layout', () => {
  test('aligns every field to its size and pads the tail', () => {
    expect(layout({ a: 'u8', b: 'u16', c: 'u8', d: 'u64', e: 'u32' })).toEqual({
      size: 24,
      align: 8,
      at: { a: 0, b: 2, c: 4, d: 8, e: 16 },
    });
  });

  test('byte arrays need no alignment unless they ask for it', () => {
    expect(layout({ a: 'u8', b: { bytes: 5 } })).toEqual({ size: 6, align: 1, at: { a: 0, b: 1 } });
    expect(layout({ a: 'u8', b: { bytes: 5, align: 4 } })).toEqual({
      size: 12,
      align: 4,
      at: { a: 0, b: 4 },
    });
  });

  test('fields after a placed one continue behind it, and the union keeps the largest extent', () => {
    const union = layout({
      tag: 'u8',
      big: { type: 'u64', offset: 8 },
      small: { type: 'u16', offset: 8 },
      after: 'u8',
    });
    expect(union).toEqual({ size: 16, align: 8, at: { tag: 0, big: 8, small: 8, after: 10 } });
  });

  test('a nested struct brings its size and its alignment', () => {
    const inner = layout({ x: 'u8', y: 'u64' });
    expect(layout({ a: 'u32', inner: { struct: inner }, b: 'u8' })).toEqual({
      size: 32,
      align: 8,
      at: { a: 0, inner: 8, b: 24 },
    });
  });

  test('refuses an offset that breaks alignment', () => {
    expect(() => layout({ a: { type: 'u32', offset: 6 } })).toThrow(RangeError);
  });
});
