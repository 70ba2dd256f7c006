// Spawning: one after another, many at once, the first one. Waking each other.
import { never, ratio } from '../lib/checks.mjs';

export const spawnJoin = {
  id: 'spawn-join',
  title: 'Spawn and join, warm pool, 1,000 in a row (per thread)',
  rounds: { quick: 3, full: 9 },
  contenders: ({ withThreadPeers, ours, bare, wasmerThreadFigures }) => ({
    ...withThreadPeers('spawn-join', [1000, 3], 4),
    ...wasmerThreadFigures('spawn-join', [1000, 3], [200, 3]),
    'bare pool': bare('spawn-join', 1000, 3),
    'wasix-run, 2 workers': ours('spawn-join', [1000, 3], { coreThreads: 2 }),
  }),
  show: ['spawn_join_ns', 'first_batch_ns', 'workersCreated'],
  checks: [
    ratio(
      'wasix-run to native pthread_create + pthread_join',
      ['wasix-run', 'spawn_join_ns'],
      ['native', 'spawn_join_ns'],
      2,
    ),
    never('workers added to the pool of 4', ['wasix-run', 'workersCreated']),
    never('workers added to the pool of 2', ['wasix-run, 2 workers', 'workersCreated']),
  ],
};

export const barrier = {
  id: 'barrier',
  title: '64 threads at once until all run, warm pool',
  rounds: { quick: 3, full: 9 },
  contenders: ({ withThreadPeers, ours, bare, wasmerThreadFigures }) => ({
    ...withThreadPeers('barrier', [64, 5, 50_000_000], 65, 64),
    ...wasmerThreadFigures('barrier', [64, 5, 50_000_000]),
    'bare pool': bare('barrier', 64, 5),
    'wasix-run, back to back': ours('barrier', [64, 5, 0], { coreThreads: 65 }),
  }),
  show: [
    ...['all_running_ns', 'all_running_ns.worst', 'spawned_ns', 'main_resumed_ns', 'first_time_ns'],
    'workersCreated',
  ],
  checks: [
    ratio('wasix-run to native', ['wasix-run', 'all_running_ns'], ['native', 'all_running_ns'], 1.5),
    never('workers added to the pool of 65', ['wasix-run', 'workersCreated']),
    never('workers added, no pause between rounds', ['wasix-run, back to back', 'workersCreated']),
  ],
};

export const firstSpawn = {
  id: 'first-spawn',
  title: 'First spawn of a program, lazy pool, until the thread runs',
  rounds: { quick: 5, full: 15 },
  contenders: ({ ours, emnapi, bare }) => ({
    'wasix-run': ours('first-spawn'),
    'bare worker': bare('first-message'),
    '@emnapi/wasi-threads': emnapi('first-spawn', 0),
  }),
  show: ['first_spawn_ns', 'call_ns', 'first_message_ns', 'first_line_ns'],
  checks: [
    ratio(
      'wasix-run to a bare new Worker until its first message',
      ['wasix-run', 'first_spawn_ns'],
      ['bare worker', 'first_message_ns'],
      1.3,
    ),
  ],
};

export const pingPong = {
  id: 'ping-pong',
  title: 'Futex ping-pong of two threads (per round, there and back)',
  rounds: { quick: 3, full: 9 },
  contenders: ({ ours, withThreadPeers, bare }) => {
    const { 'wasix-run': byInstruction, ...others } = withThreadPeers('ping-pong', [20_000], 2);
    return {
      'wasix-run, atomic.wait': byInstruction,
      'wasix-run, futex_wait': ours('ping-pong-wasix', [20_000], { coreThreads: 2 }),
      'bare Atomics.wait': bare('ping-pong', 20_000),
      ...others,
    };
  },
  show: ['round_ns'],
  checks: ['wasix-run, atomic.wait', 'wasix-run, futex_wait'].map((name) =>
    ratio(`${name} to bare Atomics.wait`, [name, 'round_ns'], ['bare Atomics.wait', 'round_ns'], 1.2),
  ),
};
