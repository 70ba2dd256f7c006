/** A call writes to the guest's memory only where its arguments say. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkWrites } from './exact-guest.js';
import { writeGuest } from './guest.js';
import { FuzzPool } from './run-guest.js';
import { Scratch } from './scratch.js';

const SCRIPTS = Number(process.env.FUZZ_SCRIPTS ?? 20);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const CALLS = 250;
const SCRIPT_MS = 4000;

const pool = new FuzzPool({ name: 'writes', maxSize: 12 });
let scratch: Scratch;

beforeAll(() => {
  scratch = new Scratch(writeGuest({ seed: SEED, profile: 'wasix', threads: 1, calls: 20, ports: [] }));
});

afterAll(async () => {
  await pool.shutdownJoin(1000);
  scratch.dispose();
});

it(`${SCRIPTS} scripts of ${CALLS} calls write to nothing that they were not given (seed ${SEED})`, {
  timeout: 30_000 + SCRIPTS * SCRIPT_MS,
}, async () => {
  let checked = 0;
  const scripts = fc.array(fc.nat(), { minLength: CALLS, maxLength: CALLS, size: 'max' });
  const property = fc.asyncProperty(scripts, async (seeds) => {
    checked += await checkWrites(pool, scratch, seeds);
  });
  await fc.assert(property, { numRuns: SCRIPTS, seed: SEED, endOnFailure: true });
  expect(checked).toBeGreaterThan((SCRIPTS * CALLS) / 3);
});
