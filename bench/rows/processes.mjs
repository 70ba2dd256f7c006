// Processes: becoming another program, becoming two.
import { figure, ratio, told } from '../lib/checks.mjs';

export const execChain = {
  id: 'exec',
  title: 'A program that becomes itself again, 200 times (per exec)',
  rounds: { quick: 3, full: 9 },
  contenders: ({ withNative, programs, bare, guest }) => ({
    ...withNative('exec-chain', [200], { coreThreads: 4, dirs: [programs] }),
    'bare memory and instance': bare('memory-and-instance', guest('exec-chain'), 200),
  }),
  show: ['exec_ns', 'spawn_join_ns', 'workersCreated'],
  checks: [
    ratio(
      'exec to spawn and join of a thread',
      ['wasix-run', 'exec_ns'],
      ['wasix-run', 'spawn_join_ns'],
      1.5,
    ),
    told('the same natively', ['native', 'exec_ns'], ['native', 'spawn_join_ns']),
    told(
      'a bare memory and instance to spawn and join of a thread',
      ['bare memory and instance', 'exec_ns'],
      ['wasix-run', 'spawn_join_ns'],
    ),
    told('exec to native exec', ['wasix-run', 'exec_ns'], ['native', 'exec_ns']),
  ],
};

export const fork = {
  id: 'fork',
  title: 'Fork of a process of 16 MiB; the child ends at once and is waited for',
  rounds: { quick: 3, full: 9 },
  contenders: ({ withNative }) => withNative('fork', [10], { coreThreads: 4 }),
  show: ['fork_ns', 'fork_join_ns', 'fork_join_ns.worst', 'workersCreated'],
  checks: [
    figure('fork and wait', ['wasix-run', 'fork_join_ns'], 30e6),
    told('wasix-run to native', ['wasix-run', 'fork_join_ns'], ['native', 'fork_join_ns']),
  ],
};
