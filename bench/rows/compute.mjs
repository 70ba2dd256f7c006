// The same integer loop in the main thread, in a spawned one, in two at once.
const to = (text, figure, name, other, most, least) => ({
  text,
  of: ['wasix-run', figure],
  against: [name, other],
  most,
  ...(least === undefined ? {} : { least }),
});

export const compute = {
  id: 'compute',
  title: 'A compute loop in the main thread, in one thread, in two',
  rounds: { quick: 3, full: 9 },
  contenders: ({ ours, native, emnapi }) => ({
    'wasix-run': ours('compute', [20_000_000], { coreThreads: 3 }),
    native: native('compute', [20_000_000]),
    '@emnapi/wasi-threads': emnapi('compute', 3, [20_000_000]),
  }),
  show: ['main_ns', 'thread_ns', 'one_ns', 'two_ns'],
  checks: [
    to('thread to main thread', 'thread_ns', 'wasix-run', 'main_ns', 1.1, 0.9),
    to('main thread to native', 'main_ns', 'native', 'main_ns', 1.1),
    to('thread to native', 'thread_ns', 'native', 'thread_ns', 1.1),
    to('two threads to one', 'two_ns', 'wasix-run', 'one_ns', 1.1),
    {
      ...to('two native threads to one, for comparison', 'two_ns', 'native', 'one_ns', 1.1),
      of: ['native', 'two_ns'],
      note: true,
    },
  ],
};
