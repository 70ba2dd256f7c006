/** Clocks: u32, ABI §3.3. */
export const ClockId = {
  REALTIME: 0,
  MONOTONIC: 1,
  PROCESS_CPUTIME: 2,
  THREAD_CPUTIME: 3,
} as const;

export type ClockId = (typeof ClockId)[keyof typeof ClockId];
