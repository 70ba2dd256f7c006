import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script without types
import { importsOf, inlined, tablesOf } from '../../../scripts/inline-constants.mjs';

const SOURCE = `
/** Words of a record. */
export const RECORD = {
  STATE: 0,
  /** Not to be seen: BEFORE: 7, */
  NEXT: 0x1_0,
  FAR: 10 + LENGTH,
  NONE: -1,
} as const;
export const Bits = { LOW: 1n << 0n, HIGH: 1n << 38n } as const satisfies Record<string, bigint>;
const other = { STATE: 5 };
`;

describe('inline-constants', () => {
  const tables = tablesOf(SOURCE);

  it('knows the plain numbers of objects that are constant', () => {
    expect([...tables.keys()]).toEqual(['RECORD', 'Bits']);
    expect(inlined('[RECORD.STATE, RECORD.NEXT, RECORD.NONE, Bits.HIGH]', tables)).toBe(
      '[(0), (0x1_0), (-1), (274877906944n)]',
    );
  });

  it('leaves alone what is computed, another object, a type, a text or a property', () => {
    for (const source of [
      'RECORD.FAR',
      'RECORD.BEFORE',
      'other.STATE',
      'let x: typeof RECORD.STATE',
      "'RECORD.STATE'",
      'this.RECORD.STATE',
      'MY_RECORD.STATE',
      'Object.entries(RECORD)',
    ]) {
      expect(inlined(source, tables)).toBe(source);
    }
  });

  it('knows what a source imports, under the name that it has there', () => {
    const source = `import { type A, B,\n  C as D } from './x.js';\nimport type { E } from './y.js';`;
    expect(importsOf(source)).toEqual([
      ['type A', 'type A', './x.js'],
      ['B', 'B', './x.js'],
      ['C', 'D', './x.js'],
    ]);
  });

  it('leaves none of the words of records in what workers run', () => {
    const bundle = readFileSync(new URL('../../../dist/worker-main.cjs', import.meta.url), 'latin1');
    expect(bundle.match(/\b(?:THREAD|PROCESS|SLOT|POOL|FILE|ENTRY|Errno|Rights)\.[A-Z]\w*/g)).toBeNull();
  });
});
