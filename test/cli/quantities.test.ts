import { expect, test } from 'vitest';
import { formatDuration, parseDuration, parseSize } from '../../src/cli/quantities.js';

test.each([
  ['65536', 65_536],
  ['64k', 65_536],
  ['64K', 65_536],
  ['64KiB', 65_536],
  ['16m', 16 * 2 ** 20],
  ['16MiB', 16 * 2 ** 20],
  ['16mb', 16 * 2 ** 20],
  ['1.5g', 1.5 * 2 ** 30],
  ['100b', 100],
])('%s is a size', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(['', '-1', 'm', '1t', '1 m', '0x10', '1e9', '0.3k', '99999999999999999'])(
  '%j is no size',
  (text) => {
    expect(parseSize(text)).toBeUndefined();
  },
);

test.each([
  ['2', 's', 2000],
  ['1.5', 's', 1500],
  ['500', 'ms', 500],
  ['500ms', 's', 500],
  ['10s', 'ms', 10_000],
  ['2m', 'ms', 120_000],
  ['1h', 's', 3_600_000],
  ['0', 's', 0],
] as const)('%s counted in %s is a duration', (text, unit, milliseconds) => {
  expect(parseDuration(text, unit)).toBe(milliseconds);
});

test.each(['', '-1', 's', '1d', '1 s', '1e3', 'Infinity'])('%j is no duration', (text) => {
  expect(parseDuration(text, 's')).toBeUndefined();
});

test.each([
  [1, '1 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [1500, '1.5 s'],
  [120_000, '120 s'],
])('%i milliseconds read %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
