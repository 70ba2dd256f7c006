// Bytes between processes, and waiting for many pipes at once.
import { ratio } from '../lib/checks.mjs';

const toNative = (text, name, most) =>
  ratio(`${text}, wasix-run to native`, ['wasix-run', name], ['native', name], most);

export const pipes = {
  id: 'pipes',
  title: 'Pipes between two processes: 64 MiB in writes of 64 KiB, and one byte there and back',
  rounds: { quick: 3, full: 9 },
  contenders: ({ withNative, programs }) =>
    withNative('pipe-pair', [5000, 64, 3], { coreThreads: 4, dirs: [programs] }),
  show: ['transfer_ns', 'round_trip_ns', 'workersCreated'],
  checks: [
    // Half the throughput is twice the time.
    toNative('64 MiB', 'transfer_ns', 2),
    toNative('one byte there and back', 'round_trip_ns', 2),
  ],
};

const idle = (name, more) =>
  ratio(
    `among 1,000 idle pipes to among 10, ${name}`,
    [name, 'among_1000_ns'],
    [name, 'among_10_ns'],
    1.1,
    more,
  );

export const epollIdle = {
  id: 'epoll',
  title: 'Wake-up of a thread in epoll_wait among idle pipes (per round, there and back)',
  rounds: { quick: 3, full: 9 },
  contenders: ({ withNative }) => withNative('epoll-idle', [3000, 3], { coreThreads: 2 }),
  show: ['among_10_ns', 'among_1000_ns'],
  checks: [idle('wasix-run'), idle('native', { note: true })],
};
