// Bytes between processes, and waiting for many pipes at once.
import { ratio, told } from '../lib/checks.mjs';

const toNative = (text, name, most) =>
  ratio(`${text}, wasix-run to native`, ['wasix-run', name], ['native', name], most);

export const pipes = {
  id: 'pipes',
  title: 'Pipes between two processes: 64 MiB in writes of 64 KiB, and one byte there and back',
  rounds: { quick: 3, full: 9 },
  contenders: ({ withNative, programs, bare }) => ({
    ...withNative('pipe-pair', [5000, 64, 3], { coreThreads: 4, dirs: [programs] }),
    // What two waits and two wake-ups of Node's threads cost without any pipe.
    'bare Atomics.wait': bare('ping-pong', 20_000),
  }),
  show: ['transfer_ns', 'round_trip_ns', 'round_ns', 'workersCreated'],
  checks: [
    // Half the throughput is twice the time.
    toNative('64 MiB', 'transfer_ns', 2),
    toNative('one byte there and back', 'round_trip_ns', 2),
    told(
      'one byte there and back to bare Atomics.wait',
      ['wasix-run', 'round_trip_ns'],
      ['bare Atomics.wait', 'round_ns'],
    ),
  ],
};

const idle = (name) => [
  `among 1,000 idle pipes to among 10, ${name}`,
  [name, 'among_1000_ns'],
  [name, 'among_10_ns'],
];

export const epollIdle = {
  id: 'epoll',
  title: 'Wake-up of a thread in epoll_wait among idle pipes (per round, there and back)',
  rounds: { quick: 3, full: 9 },
  contenders: ({ withNative }) => withNative('epoll-idle', [3000, 3], { coreThreads: 2 }),
  show: ['among_10_ns', 'among_1000_ns'],
  checks: [ratio(...idle('wasix-run'), 1.1), told(...idle('native'))],
};
