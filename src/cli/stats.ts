/** The table of `--stats`. */
import type { RunStats } from '../runtime/host/run-result.js';

/** Counts and times of a run, a line each. */
export function formatStats(stats: RunStats): string {
  const rows: [subject: string, amount: string][] = [
    ['threads spawned', `${stats.threadsSpawned}`],
    ['peak live threads', `${stats.peakThreads}`],
    ['workers created', `${stats.workersCreated}`],
    ['workers reused', `${stats.workersReused}`],
    ['start-up (ms)', stats.startupMs.toFixed(1)],
    ['run (ms)', stats.runMs.toFixed(1)],
  ];
  const width = Math.max(...rows.map(([, amount]) => amount.length));
  return rows.map(([subject, amount]) => `${subject.padEnd(19)}${amount.padStart(width)}\n`).join('');
}
