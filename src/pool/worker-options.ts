import type { WorkerOptions } from 'node:worker_threads';

/** How Node is to make the workers of this package, whatever their script. */
export const WORKER_OPTIONS = {
  // A descriptor opened by one guest thread belongs to all of them and outlives its worker.
  trackUnmanagedFds: false,
  execArgv: [],
  env: {},
  stdin: false,
  // Not to capture anything, guests write to descriptors: without these Node sets up its own streams on the host's
  // descriptors 1 and 2 for each worker, which takes long and makes pipes non-blocking for their other users.
  stdout: true,
  stderr: true,
} satisfies WorkerOptions;
