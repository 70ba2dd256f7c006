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
const mostMs = 1_200_000;

/**
 * The growth of the second half: a tenth is some 16 MB with small heaps, 32 bytes for each spawn. In quick runs the heaps
 * have not reached their size, so nothing is judged.
 */
const growth = (name) =>
  ratio(
    `${name}: resident memory at 100 % to that at 50 %`,
    [name, 'resident_at_100_bytes'],
    [name, 'resident_at_50_bytes'],
    1.1,
    { noteIfQuick: true },
  );

export const manySpawns = {
  id: 'many-spawns',
  title: '1,000,000 spawns and joins in one process (quick mode: 50,000)',
  rounds: { quick: 1, full: 3 },
  contenders: ({ oursBy, guest }, quick) => {
    const count = quick ? 50_000 : 1_000_000;
    // So many that a busy machine does not make the pool grow: another worker would pass for 10 MB of growth.
    const job = { module: guest('many-spawns'), count, options: { coreThreads: 8 } };
    return {
      'wasix-run': oursBy('many-spawns.mjs', job, { mostMs }),
      // Most of what is resident, and of its ups and downs, is garbage that no worker had to collect yet. With little
      // room for new objects there is less of it to hide what is lost.
      'wasix-run, small heaps': oursBy('many-spawns.mjs', job, {
        flags: ['--max-semi-space-size=1'],
        mostMs,
      }),
    };
  },
  show: [
    ...['resident_at_10_bytes', 'resident_at_50_bytes', 'resident_at_100_bytes'],
    ...['spawn_join_ns', 'descriptors_before', 'descriptors_after', 'handles_before', 'handles_after'],
    'workersCreated',
  ],
  checks: [
    growth('wasix-run'),
    growth('wasix-run, small heaps'),
    never('descriptors opened between 10 % and 100 %', ['wasix-run', 'descriptors_opened']),
    never('descriptors left', ['wasix-run', 'descriptors_left']),
    never('handles left', ['wasix-run', 'handles_left']),
    never('threads of the process left', ['wasix-run', 'threads_left']),
    never('workers added to the pool of 8', ['wasix-run', 'workersCreated']),
    never('workers added to the pool of 8, small heaps', ['wasix-run, small heaps', 'workersCreated']),
  ],
};
