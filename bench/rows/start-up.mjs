// Whole processes from start to exit, output to a pipe.
import { ratio } from '../lib/checks.mjs';

const toNode = (most) =>
  ratio('wasix-run to node -e 0', ['wasix-run', 'process_ns'], ['node -e 0', 'process_ns'], most);

export const hello = {
  id: 'hello',
  title: 'Hello world without threads, whole process',
  rounds: { quick: 7, full: 25 },
  contenders: ({ wholeWithNode, nodeWasiWhole, wasmerWhole }) => ({
    ...wholeWithNode('fixtures/programs/hello.wasm'),
    'node:wasi': nodeWasiWhole('fixtures/programs/hello.wasm'),
    ...wasmerWhole('fixtures/programs/hello.wasm'),
  }),
  show: ['process_ns'],
  checks: [toNode(1.2)],
};

export const helloThreads = {
  id: 'hello-threads',
  title: 'Hello world of a module that imports threads, whole process',
  rounds: { quick: 7, full: 25 },
  contenders: ({ wholeWithNode, emnapiWhole, wasmerWholeThreads }) => ({
    ...wholeWithNode('fixtures/programs/hello-threads.wasm'),
    '@emnapi/wasi-threads': emnapiWhole('fixtures/programs/hello-threads.wasm'),
    ...wasmerWholeThreads('fixtures/programs/hello-threads.wasm'),
  }),
  show: ['process_ns'],
  checks: [toNode(1.6)],
};
