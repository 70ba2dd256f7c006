/** The tables in README.md are what scripts/figures.mjs makes of the records. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
// @ts-expect-error: a script without types
import { conformanceFigures, readmeWithFigures, withBlock } from '../../scripts/figures.mjs';
import { casesOf, groups } from '../conformance/cases.js';

test('the measured figures are those of the last runs; if not, run node scripts/figures.mjs', () => {
  expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toBe(readmeWithFigures());
});

interface Recorded {
  readonly runtime: string;
  readonly families: Record<string, { readonly cases: number; readonly failed: number }>;
}

test('the record has all cases; if not, run npm run conformance -- --record', () => {
  const file = new URL('../conformance/results.json', import.meta.url);
  const records = JSON.parse(readFileSync(file, 'utf8')) as Recorded[];
  const names = records.map(({ runtime }) => runtime.split(' ')[0]);
  expect(names).toEqual(['wasix-run', 'node:wasi', '@wasmer/wasi', '@wasmer/sdk']);
  for (const { families } of records) expect(Object.keys(families).sort()).toEqual(groups().sort());
  for (const [group, { cases, failed }] of Object.entries(records[0]!.families)) {
    expect({ group, cases, failed }).toEqual({ group, cases: casesOf(group).length, failed: 0 });
  }
});

test('a cell tells what passed of what could be run', () => {
  const machine = { date: '2030-01-02', node: 'v1', system: 's', processor: 'p', memory: 'm' };
  const record = (runtime: string, passed: number, skipped: number) => ({
    runtime,
    machine,
    families: { calls: { cases: 5, passed, failed: 5 - passed - skipped, skipped } },
  });
  expect(conformanceFigures([record('one', 5, 0), record('two', 1, 2), record('three', 0, 5)])).toContain(
    '| calls (5) | 5 of 5 | 1 of 3 | – |\n| all | 5 of 5 | 1 of 3 | 0 of 0 |',
  );
});

test('a text without a place for a table is refused', () => {
  expect(() => withBlock('text', 'benchmarks', 'table')).toThrow('no place for benchmarks');
});
