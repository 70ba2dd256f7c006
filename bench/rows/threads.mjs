// Spawning: one after another, many at once, the first one.
export const spawnJoin = {
  id: 'spawn-join',
  title: 'Spawn and join, warm pool, 1,000 in a row (per thread)',
  rounds: { quick: 3, full: 9 },
  contenders: ({ ours, native, emnapi, bare }) => ({
    'wasix-run': ours('spawn-join', [1000, 3], { coreThreads: 4 }),
    native: native('spawn-join', [1000, 3]),
    'bare pool': bare('spawn-join', 1000, 3),
    '@emnapi/wasi-threads': emnapi('spawn-join', 4, [1000, 3]),
    'wasix-run, 2 workers': ours('spawn-join', [1000, 3], { coreThreads: 2 }),
  }),
  show: ['spawn_join_ns', 'first_batch_ns', 'workersCreated'],
  checks: [
    {
      text: 'wasix-run to native pthread_create + pthread_join',
      of: ['wasix-run', 'spawn_join_ns'],
      against: ['native', 'spawn_join_ns'],
      most: 2,
    },
    { text: 'workers added to the pool of 4', of: ['wasix-run', 'workersCreated'], most: 0, every: true },
    {
      text: 'workers added to the pool of 2',
      of: ['wasix-run, 2 workers', 'workersCreated'],
      most: 0,
      every: true,
    },
  ],
};

export const barrier = {
  id: 'barrier',
  title: '64 threads at once until all run, warm pool',
  rounds: { quick: 3, full: 9 },
  contenders: ({ ours, native, emnapi, bare }) => ({
    'wasix-run': ours('barrier', [64, 5, 50_000_000], { coreThreads: 65 }),
    native: native('barrier', [64, 5, 50_000_000]),
    'bare pool': bare('barrier', 64, 5),
    '@emnapi/wasi-threads': emnapi('barrier', 64, [64, 5, 50_000_000]),
    'wasix-run, back to back': ours('barrier', [64, 5, 0], { coreThreads: 65 }),
  }),
  show: ['all_running_ns', 'all_running_ns.worst', 'spawned_ns', 'main_resumed_ns', 'workersCreated'],
  checks: [
    {
      text: 'wasix-run to native',
      of: ['wasix-run', 'all_running_ns'],
      against: ['native', 'all_running_ns'],
      most: 1.5,
    },
    { text: 'workers added to the pool of 65', of: ['wasix-run', 'workersCreated'], most: 0, every: true },
    {
      text: 'workers added, no pause between rounds',
      of: ['wasix-run, back to back', 'workersCreated'],
      most: 0,
      every: true,
    },
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
    {
      text: 'wasix-run to a bare new Worker until its first message',
      of: ['wasix-run', 'first_spawn_ns'],
      against: ['bare worker', 'first_message_ns'],
      most: 1.3,
    },
  ],
};

export const pingPong = {
  id: 'ping-pong',
  title: 'Futex ping-pong of two threads (per round, there and back)',
  rounds: { quick: 3, full: 9 },
  contenders: ({ ours, native, emnapi, bare }) => ({
    'wasix-run, atomic.wait': ours('ping-pong', [20_000], { coreThreads: 2 }),
    'wasix-run, futex_wait': ours('ping-pong-wasix', [20_000], { coreThreads: 2 }),
    'bare Atomics.wait': bare('ping-pong', 20_000),
    native: native('ping-pong', [20_000]),
    '@emnapi/wasi-threads': emnapi('ping-pong', 2, [20_000]),
  }),
  show: ['round_ns'],
  checks: ['wasix-run, atomic.wait', 'wasix-run, futex_wait'].map((name) => ({
    text: `${name} to bare Atomics.wait`,
    of: [name, 'round_ns'],
    against: ['bare Atomics.wait', 'round_ns'],
    most: 1.2,
  })),
};
