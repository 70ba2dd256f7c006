// Whole processes from start to exit, output to a pipe.
export const hello = {
  id: 'hello',
  title: 'Hello world without threads, whole process',
  rounds: { quick: 7, full: 25 },
  contenders: ({ oursWhole, nodeWhole, nodeWasiWhole }) => ({
    'wasix-run': oursWhole('fixtures/programs/hello.wasm'),
    'node -e 0': nodeWhole('-e', '0'),
    'node:wasi': nodeWasiWhole('fixtures/programs/hello.wasm'),
  }),
  show: ['process_ns'],
  checks: [
    {
      text: 'wasix-run to node -e 0',
      of: ['wasix-run', 'process_ns'],
      against: ['node -e 0', 'process_ns'],
      most: 1.2,
    },
  ],
};

export const helloThreads = {
  id: 'hello-threads',
  title: 'Hello world of a module that imports threads, whole process',
  rounds: { quick: 7, full: 25 },
  contenders: ({ oursWhole, nodeWhole }) => ({
    'wasix-run': oursWhole('fixtures/programs/hello-threads.wasm'),
    'node -e 0': nodeWhole('-e', '0'),
  }),
  show: ['process_ns'],
  checks: [
    {
      text: 'wasix-run to node -e 0',
      of: ['wasix-run', 'process_ns'],
      against: ['node -e 0', 'process_ns'],
      most: 1.6,
    },
  ],
};
