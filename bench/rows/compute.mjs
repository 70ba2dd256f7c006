// The same integer loop in the main thread, in a spawned one, in two at once.
import { ratio, told } from '../lib/checks.mjs';

const ours = (name) => ['wasix-run', name];
const COMMAND = 'wasix-run, by the command';
const command = (name) => [COMMAND, name];
const OPTIMIZED = 'wasix-run, optimize';
const optimized = (name) => [OPTIMIZED, name];
const native = (name) => ['native', name];

const ROUNDS = 20_000_000;

export const compute = {
  id: 'compute',
  title: 'A compute loop in the main thread, in one thread, in two',
  rounds: { quick: 3, full: 9 },
  contenders: ({ withThreadPeers, ours: run, oursByCommand }) => ({
    ...withThreadPeers('compute', [ROUNDS], 3),
    [OPTIMIZED]: run('compute', [ROUNDS], { coreThreads: 3, optimize: 'small' }),
    [COMMAND]: oursByCommand('compute', [ROUNDS]),
  }),
  show: ['main_ns', 'thread_ns', 'one_ns', 'two_ns'],
  checks: [
    ratio('thread to main thread', ours('thread_ns'), ours('main_ns'), 1.1, { least: 0.9 }),
    told('main thread to native, without `optimize`', ours('main_ns'), native('main_ns')),
    ratio('with `optimize`: main thread to native', optimized('main_ns'), native('main_ns'), 1.1),
    ratio('with `optimize`: thread to native', optimized('thread_ns'), native('thread_ns'), 1.1),
    ratio('two threads to one', ours('two_ns'), ours('one_ns'), 1.1),
    ratio('by the command: main thread to native', command('main_ns'), native('main_ns'), 1.1),
    ratio('by the command: thread to native', command('thread_ns'), native('thread_ns'), 1.1),
    told('two native threads to one, for comparison', native('two_ns'), native('one_ns')),
  ],
};
