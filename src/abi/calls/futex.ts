import type { CallDescription } from '../call.js';

/** Futexes, WASIX (ABI §2.6). */
export const futexCalls = {
  futex_wait: {
    name: 'futex_wait',
    family: 'futex',
    params: [
      ['addr', 'ptr'],
      ['expected', 'u32'],
      ['timeout', 'option_timestamp'],
      ['woken', 'out.bool'],
    ],
    result: 'errno',
  },
  futex_wake: {
    name: 'futex_wake',
    family: 'futex',
    params: [
      ['addr', 'ptr'],
      ['woken', 'out.bool'],
    ],
    result: 'errno',
  },
  futex_wake_all: {
    name: 'futex_wake_all',
    family: 'futex',
    params: [
      ['addr', 'ptr'],
      ['woken', 'out.bool'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
