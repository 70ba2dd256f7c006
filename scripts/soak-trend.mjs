// Whether a soak grew: the medians of the last quarter of a phase against those of its second quarter. The first quarter is
// left out, as the time in which heaps reach their size.
import { median } from '../bench/lib/figures.mjs';

const MB = 1e6;

/**
 * How much more the last quarter may hold than the second: a share of it, and a fixed amount. Counts may not grow at all.
 * Resident memory and addresses go up and down with what each worker has not collected yet. V8 keeps a word for every
 * shared memory that a thread has ever seen: some 25 bytes of heap for each run. In the short form heaps still grow to their
 * size; but an instance that stays takes 2.5 KB, 180 MB in the half between, and a memory 10 GB of addresses.
 */
const tolerances = (quick) => ({
  rss: { share: 0.05, fixed: (quick ? 64 : 16) * MB },
  heap: { share: 0.05, fixed: 4 * MB },
  external: { share: 0.05, fixed: 2 * MB },
  addresses: { share: quick ? 0.5 : 0.25, fixed: 500_000 * MB },
  descriptors: { share: 0, fixed: 0 },
  threads: { share: 0, fixed: 0 },
  handles: { share: 0, fixed: 0 },
});

/** Samples of a phase whose `done` lies between two shares of all that was done. */
function between(samples, from, to) {
  const total = samples.at(-1)?.done ?? 0;
  return samples.filter(({ done }) => done > total * from && done <= total * to);
}

/** One judgement for each thing held: `{ name, early, late, limit, state }`; state is held, grew or not measured. */
export function judgeTrend(samples, { quick = false } = {}) {
  const [second, last] = [between(samples, 0.25, 0.5), between(samples, 0.75, 1)];
  return Object.entries(tolerances(quick)).map(([name, { share, fixed }]) => {
    const values = (part) => part.map((each) => each[name]).filter(Number.isFinite);
    if (values(second).length === 0 || values(last).length === 0) return { name, state: 'not measured' };
    const [early, late] = [median(values(second)), median(values(last))];
    const limit = early * (1 + share) + fixed;
    return { name, early, late, limit, state: late <= limit ? 'held' : 'grew' };
  });
}
