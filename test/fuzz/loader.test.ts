/** Damaged and malicious modules are refused with a reason, or run and end: no crash, no hang, no other exception. */
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { LoadError, run } from '../../src/index.js';
import { ObservedPool } from '../observed-pool.js';
import { exportEntry, functionType, moduleOf } from '../unit/runtime/binary/encode.js';
import { loadMutant } from './fuzz-loader.js';
import { mutants, originals } from './mutants.js';

const MUTANTS = Number(process.env.FUZZ_MUTANTS ?? 2000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const EACH_MS = 100;

const pool = new ObservedPool({ name: 'loader', maxSize: 8 });
afterAll(() => pool.shutdownJoin(1000));

it(`${MUTANTS} mutants of ${originals.length} modules (seed ${SEED})`, {
  timeout: 60_000 + MUTANTS * EACH_MS,
}, async () => {
  const ends = new Set<string>();
  const property = fc.asyncProperty(mutants, async (mutant) => {
    ends.add(await loadMutant(pool, mutant));
  });
  await fc.assert(property, { numRuns: MUTANTS, seed: SEED });
  if (MUTANTS >= 1000)
    expect([...ends]).toEqual(expect.arrayContaining(['not-loadable', 'not-linkable', 'exit']));
});

/** A program that does nothing, with a memory of its own of so many pages. */
function withMemory(initial: number): Uint8Array {
  return moduleOf({
    types: [functionType([], [])],
    functions: [0],
    memories: [[0, ...leb(initial)]],
    exports: [exportEntry('memory', 2, 0), exportEntry('_start', 0, 0)],
    bodies: [[0, 0x0b]],
  });
}

/** A program that does nothing, with a table of so many entries. */
function withTable(entries: number): Uint8Array {
  return moduleOf({
    types: [functionType([], [])],
    functions: [0],
    tables: [[0x70, 0, ...leb(entries)]],
    memories: [[0, 1]],
    exports: [exportEntry('memory', 2, 0), exportEntry('_start', 0, 0)],
    bodies: [[0, 0x0b]],
  });
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

it.each([
  ['4 GiB of memory', withMemory(65_536)],
  ['more memory than there can be', withMemory(65_537)],
  ['a table of ten million entries', withTable(10_000_000)],
  ['a table of more entries than there can be', withTable(0xffff_ffff)],
])('a module with %s is run or refused', { timeout: 20_000 }, async (_what, bytes) => {
  const end: unknown = await run(bytes, { pool, stdout: 'ignore', stderr: 'ignore' }).then(
    ({ reason, message }) => ({ reason, message }),
    (error: unknown) => error,
  );
  if (end instanceof Error) expect(end).toBeInstanceOf(LoadError);
  else expect(end).not.toMatchObject({ message: expect.stringContaining('internal error') });
});
