import type { CallDescription } from '../call.js';

/** Arguments of the program (ABI §2.1). */
export const argsCalls = {
  args_get: {
    name: 'args_get',
    family: 'args',
    params: [
      ['argv', 'out.ptr'],
      ['buf', 'out.ptr'],
    ],
    result: 'errno',
  },
  args_sizes_get: {
    name: 'args_sizes_get',
    family: 'args',
    params: [
      ['argc', 'out.size'],
      ['bufsize', 'out.size'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;

/** Environment of the program (ABI §2.1). */
export const environCalls = {
  environ_get: {
    name: 'environ_get',
    family: 'environ',
    params: [
      ['env', 'out.ptr'],
      ['buf', 'out.ptr'],
    ],
    result: 'errno',
  },
  environ_sizes_get: {
    name: 'environ_sizes_get',
    family: 'environ',
    params: [
      ['count', 'out.size'],
      ['bufsize', 'out.size'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
