// A phase of the soak: many runs on one pool in one process, one at a time and three at a time in turn.
// Arguments: JSON { index, fixtures, planned, limitMs, samples }; prints samples and failures as JSON lines.
import { MOST_THREADS, soakMix } from './soak-mix.mjs';
import { makePace, tell } from './soak-pace.mjs';
import { sampleAtRest } from './soak-sample.mjs';

const job = JSON.parse(process.argv[2]);
const { index, fixtures, planned } = job;
const api = await import(index);
const pool = new api.ThreadPool({ maxSize: MOST_THREADS, keepAlive: 3_600_000, name: 'soak' });
const mix = soakMix(api, fixtures, pool);
const AT_ONCE = [1, 1, 3, 3];

const pace = makePace(job);
let done = 0;
for (let turn = 0; !pace.isOver(done); turn++) {
  const count = Math.min(AT_ONCE[turn % AT_ONCE.length], planned - done);
  const runs = Array.from({ length: count }, (_, i) => mix[(done + i) % mix.length]());
  for (const outcome of await Promise.allSettled(runs)) {
    const failure = outcome.status === 'rejected' ? String(outcome.reason?.stack) : outcome.value;
    if (failure !== undefined) tell({ failure: `near run ${done + 1}: ${failure}` });
  }
  done += count;
  if (!pace.isDue(done)) continue;
  // All workers that there can be, so that counts compare: a run may have ended some.
  await pool.warm(MOST_THREADS);
  tell({ done, seconds: pace.seconds(), ...(await sampleAtRest()) });
}
const { busy, pending } = pool.counters;
if (busy + pending > 0) tell({ failure: `${busy} tasks run and ${pending} wait when all runs are over` });
await pool.shutdownJoin(1000);
tell({ done, seconds: pace.seconds(), left: process.getActiveResourcesInfo() });
