// Interleaved rounds: A B C A B C …, so that whatever else the machine does meets all contenders alike.
import { spread } from './figures.mjs';

/**
 * @param contenders name → function that makes one round, a promise of `{ figure: value }`; or `{ skipped }`, the reason
 *   why this one has no part in the row
 * @returns name → `{ rounds, figures, failure, skipped }`. A contender that fails twice in a row is left out of later
 *   rounds.
 */
export async function interleave(contenders, count, progress) {
  const results = {};
  for (const [name, { skipped }] of Object.entries(contenders))
    results[name] = { rounds: [], figures: {}, failure: undefined, failures: 0, skipped };
  for (let round = 0; round < count; round++) {
    for (const [name, measure] of Object.entries(contenders)) {
      const result = results[name];
      if (result.failures >= 2 || result.skipped) continue;
      progress(`round ${round + 1} of ${count}: ${name}`);
      try {
        result.rounds.push(await measure());
        result.failures = 0;
      } catch (error) {
        result.rounds.push(undefined);
        result.failure = error.message;
        result.failures++;
      }
    }
  }
  for (const result of Object.values(results)) {
    const done = result.rounds.filter((figures) => figures !== undefined);
    const names = new Set(done.flatMap((figures) => Object.keys(figures)));
    for (const name of names)
      result.figures[name] = spread(done.map((figures) => figures[name]).filter(Number.isFinite));
  }
  return results;
}

/** Value of a check in each round: a figure, or its ratio to another of the same round. */
export function valuesOf({ of, against }, results) {
  const [name, figure] = of;
  const values = [];
  (results[name]?.rounds ?? []).forEach((round, index) => {
    const value = round?.[figure];
    if (!against) values.push(value);
    else values.push(value / results[against[0]]?.rounds[index]?.[against[1]]);
  });
  return values.filter(Number.isFinite);
}

/** The best that the one ever did to the best of the other: what is left when the rest of the machine is quiet. */
function ratioOfBest({ of, against }, results) {
  const best = ([name, figure]) => results[name]?.figures[`${figure}.best`]?.min;
  return best(of) / best(against);
}

/** What became of a budget: met if the median is within it. */
export function judge(check, results) {
  const values = valuesOf(check, results);
  if (values.length === 0) return { ...check, state: 'not measured' };
  const found = spread(values);
  const decides = check.every ? found.max : found.median;
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = check;
  const met = decides <= most && decides >= least;
  const best = check.against ? ratioOfBest(check, results) : undefined;
  return { ...check, ...found, best, state: met ? 'met' : 'missed' };
}
