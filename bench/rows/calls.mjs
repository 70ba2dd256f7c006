// The cost of single guest calls, and of moving bytes.
import { ratio } from '../lib/checks.mjs';

const toNodeWasi = (text, name, most) =>
  ratio(`${text}, wasix-run to node:wasi`, ['wasix-run', name], ['node:wasi', name], most);

export const calls = {
  id: 'calls',
  title: 'Guest calls (per call)',
  rounds: { quick: 3, full: 9 },
  contenders: ({ withNodeWasi, wasmerFigures }, quick) => {
    const args = [quick ? 100_000 : 300_000];
    return { ...withNodeWasi('calls', args), ...wasmerFigures('calls', args) };
  },
  show: ['clock_time_get_dns', 'clock_realtime_dns', 'fd_write_dns', 'sched_yield_dns', 'random_get_dns'],
  checks: [
    toNodeWasi('clock_time_get', 'clock_time_get_dns', 1),
    toNodeWasi('fd_write of no bytes', 'fd_write_dns', 1),
    toNodeWasi('sched_yield', 'sched_yield_dns', 1),
    toNodeWasi('random_get of 8 bytes', 'random_get_dns', 0.25),
  ],
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
  contenders: ({ withNodeWasi, files }) => withNodeWasi('file-io', [64], files),
  show: transfers.map(([, name]) => name),
  checks: transfers.map(([text, name]) => toNodeWasi(text, name, 1)),
};
