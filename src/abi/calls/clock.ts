import type { CallDescription } from '../call.js';

/** Clocks (ABI §2.1). */
export const clockCalls = {
  clock_res_get: {
    name: 'clock_res_get',
    family: 'clock',
    params: [
      ['id', 'clockid'],
      ['resolution', 'out.timestamp'],
    ],
    result: 'errno',
  },
  clock_time_get: {
    name: 'clock_time_get',
    family: 'clock',
    params: [
      ['id', 'clockid'],
      ['precision', 'timestamp'],
      ['time', 'out.timestamp'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;

/** WASIX: setting a clock (ABI §2.1). */
export const clockWasixCalls = {
  clock_time_set: {
    name: 'clock_time_set',
    family: 'clock',
    params: [
      ['id', 'clockid'],
      ['time', 'timestamp'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
