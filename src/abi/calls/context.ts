import type { CallDescription } from '../call.js';

/** Green threads, WASIX (ABI §2.14). */
export const contextCalls = {
  context_create: {
    name: 'context_create',
    family: 'context',
    params: [
      ['id', 'out.u64'],
      ['entry', 'funcref'],
    ],
    result: 'errno',
  },
  context_destroy: { name: 'context_destroy', family: 'context', params: [['id', 'u64']], result: 'errno' },
  context_switch: { name: 'context_switch', family: 'context', params: [['id', 'u64']], result: 'errno' },
} as const satisfies Record<string, CallDescription>;
