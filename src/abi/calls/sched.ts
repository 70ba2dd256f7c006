import type { CallDescription } from '../call.js';

/** Scheduling (ABI §2.1). */
export const schedCalls = {
  sched_yield: { name: 'sched_yield', family: 'sched', params: [], result: 'errno' },
} as const satisfies Record<string, CallDescription>;
