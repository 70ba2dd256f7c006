/** Random calls with random arguments, from many threads at once, do the host no harm: no fault, no hang, no stray write. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { everyCall } from './choice.js';
import { fuzzCalls } from './fuzz-calls.js';

const CALLS = Number(process.env.FUZZ_CALLS ?? 1_000_000);
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 90);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
/** Calls that end the program, or that only their own kind of module makes. */
const RARE = 12;

/** Descriptors of this process; undefined where that cannot be told. */
function openDescriptors(): number | undefined {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : undefined;
}

it(`${CALLS} calls in at most ${SECONDS} s (seed ${SEED})`, {
  timeout: SECONDS * 1000 + 60_000,
}, async () => {
  const before = openDescriptors();
  const limits = { milliseconds: SECONDS * 1000, calls: CALLS, runs: Number.POSITIVE_INFINITY };
  const { faults, answers, total } = await fuzzCalls(SEED, limits, () => undefined);
  expect(faults).toEqual([]);
  // A run that reaches nothing would pass as well.
  const answered = everyCall.filter(({ name }) => (answers.get(name)?.size ?? 0) > 0);
  if (total > 50_000) expect(answered.length).toBeGreaterThan(everyCall.length - RARE);
  if (before !== undefined) expect(openDescriptors()! - before).toBeLessThan(5);
});
