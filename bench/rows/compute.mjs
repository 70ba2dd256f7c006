// The same integer loop in the main thread, in a spawned one, in two at once.
import { ratio, told } from '../lib/checks.mjs';

const ours = (name) => ['wasix-run', name];
const COMMAND = 'wasix-run, by the command';
const command = (name) => [COMMAND, name];
const native = (name) => ['native', name];

const ROUNDS = 20_000_000;

export const compute = {
  id: 'compute',
  title: 'A compute loop in the main thread, in one thread, in two',
  rounds: { quick: 3, full: 9 },
  contenders: ({ withThreadPeers, oursByCommand }) => ({
    ...withThreadPeers('compute', [ROUNDS], 3),
    [COMMAND]: oursByCommand('compute', [ROUNDS]),
  }),
  show: ['main_ns', 'thread_ns', 'one_ns', 'two_ns'],
  checks: [
    ratio('thread to main thread', ours('thread_ns'), ours('main_ns'), 1.1, { least: 0.9 }),
    ratio('main thread to native', ours('main_ns'), native('main_ns'), 1.1),
    ratio('thread to native', ours('thread_ns'), native('thread_ns'), 1.1),
    ratio('two threads to one', ours('two_ns'), ours('one_ns'), 1.1),
    ratio('by the command: main thread to native', command('main_ns'), native('main_ns'), 1.1),
    ratio('by the command: thread to native', command('thread_ns'), native('thread_ns'), 1.1),
    told('two native threads to one, for comparison', native('two_ns'), native('one_ns')),
  ],
};
