// What workers cost while they rest, and what spawning leaves behind.
import { never, ratio } from '../lib/checks.mjs';

const FEW = 8;
const MANY = 40;

export const parkedWorker = {
  id: 'parked-worker',
  title: `Memory of a parked worker (growth of the process from ${FEW} workers to ${MANY}, for each)`,
  rounds: { quick: 3, full: 7 },
  contenders: ({ oursBy, guest, bare }) => ({
    'wasix-run, warm pool': oursBy('parked.mjs', { few: FEW, many: MANY }),
    'wasix-run, after a thread': oursBy('parked.mjs', { few: FEW, many: MANY, module: guest('park') }),
    'bare worker': bare('parked', FEW, MANY),
  }),
  show: ['worker_bytes'],
  checks: ['wasix-run, warm pool', 'wasix-run, after a thread'].map((name) =>
    ratio(`${name}, to a bare worker`, [name, 'worker_bytes'], ['bare worker', 'worker_bytes'], 1.1),
  ),
};

/** A million takes about a minute of a quiet machine. */
const MOST_MS = 1_200_000;

export const manySpawns = {
  id: 'many-spawns',
  title: '1,000,000 spawns and joins in one process (quick mode: 50,000)',
  rounds: { quick: 1, full: 1 },
  contenders: ({ oursBy, guest }, quick) => ({
    'wasix-run': oursBy(
      'many-spawns.mjs',
      { module: guest('many-spawns'), count: quick ? 50_000 : 1_000_000, options: { coreThreads: 2 } },
      MOST_MS,
    ),
  }),
  show: [
    ...['resident_at_10_bytes', 'resident_at_50_bytes', 'resident_at_100_bytes'],
    ...['spawn_join_ns', 'descriptors_before', 'descriptors_after', 'handles_before', 'handles_after'],
    'workersCreated',
  ],
  checks: [
    ratio(
      'resident memory at 100 % to that at 50 %',
      ['wasix-run', 'resident_at_100_bytes'],
      ['wasix-run', 'resident_at_50_bytes'],
      1.05,
    ),
    never('descriptors opened between 10 % and 100 %', ['wasix-run', 'descriptors_opened']),
    never('descriptors left', ['wasix-run', 'descriptors_left']),
    never('handles left', ['wasix-run', 'handles_left']),
    never('threads of the process left', ['wasix-run', 'threads_left']),
    never('workers added to the pool of 2', ['wasix-run', 'workersCreated']),
  ],
};
