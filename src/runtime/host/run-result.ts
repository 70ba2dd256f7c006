import type { EndReport } from '../../kernel/host-link.js';
import { PROCESS } from '../../kernel/processes/process-record.js';
import { describeEnd, type RunEnd } from '../end-status.js';
import type { NewProcess } from './process-setup.js';

/** Counts of one run. */
export interface RunStats {
  /** Guest threads started, the main thread not counted. */
  readonly threadsSpawned: number;
  /** Most guest threads alive at once, the main thread included. */
  readonly peakThreads: number;
  /** Workers of the pool created during the run, and threads that ran on a worker used before. */
  readonly workersCreated: number;
  readonly workersReused: number;
  /** Milliseconds from the call to the main thread's hand-off, and from there to the end. */
  readonly startupMs: number;
  readonly runMs: number;
}

/** What a run comes to. */
export interface RunResult extends RunEnd {
  readonly stdout: string | Buffer | undefined;
  readonly stderr: string | Buffer | undefined;
  readonly stats: RunStats;
}

/** How the process ended, from its record and the report that came with it. */
export function readEnd({ kernel, process }: NewProcess, report: EndReport | undefined): RunEnd {
  const word = (at: number) => kernel.words[process + at]!;
  return describeEnd(word(PROCESS.END_KIND), word(PROCESS.END_VALUE), word(PROCESS.END_TID), report);
}

/** The thread counts of a process. */
export function readThreadCounts({
  kernel,
  process,
}: NewProcess): Pick<RunStats, 'threadsSpawned' | 'peakThreads'> {
  const { words } = kernel;
  return {
    threadsSpawned: words[process + PROCESS.SPAWNED]!,
    peakThreads: words[process + PROCESS.PEAK_LIVE]!,
  };
}
