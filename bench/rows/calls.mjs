// The cost of single guest calls, and of moving bytes.
const perCall = [
  ['clock_time_get', 'clock_time_get_dns', 1],
  ['fd_write of no bytes', 'fd_write_dns', 1],
  ['sched_yield', 'sched_yield_dns', 1],
  ['random_get of 8 bytes', 'random_get_dns', 0.25],
];

export const calls = {
  id: 'calls',
  title: 'Guest calls (per call)',
  rounds: { quick: 3, full: 9 },
  contenders: ({ ours, nodeWasi }, quick) => ({
    'wasix-run': ours('calls', [quick ? 100_000 : 300_000], {}),
    'node:wasi': nodeWasi('calls', [quick ? 100_000 : 300_000]),
  }),
  show: ['clock_time_get_dns', 'clock_realtime_dns', 'fd_write_dns', 'sched_yield_dns', 'random_get_dns'],
  checks: perCall.map(([text, figure, most]) => ({
    text: `${text}, wasix-run to node:wasi`,
    of: ['wasix-run', figure],
    against: ['node:wasi', figure],
    most,
  })),
};

const transfers = [
  ['64 MiB written in 4 KiB calls', 'write_4k_ns'],
  ['64 MiB read in 4 KiB calls', 'read_4k_ns'],
  ['64 MiB written in 64 KiB calls', 'write_64k_ns'],
  ['64 MiB read in 64 KiB calls', 'read_64k_ns'],
];

export const fileIo = {
  id: 'file-io',
  title: '64 MiB written to a file and read back',
  rounds: { quick: 3, full: 9 },
  contenders: ({ ours, nodeWasi, files }) => ({
    'wasix-run': ours('file-io', [64], { dirs: [files] }),
    'node:wasi': nodeWasi('file-io', [64], files),
  }),
  show: transfers.map(([, figure]) => figure),
  checks: transfers.map(([text, figure]) => ({
    text: `${text}, wasix-run to node:wasi`,
    of: ['wasix-run', figure],
    against: ['node:wasi', figure],
    most: 1,
  })),
};
