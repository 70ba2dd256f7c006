import type { CallDescription } from '../call.js';

/** Random bytes (ABI §2.1). */
export const randomCalls = {
  random_get: { name: 'random_get', family: 'random', params: [['buf', 'out.bytes']], result: 'errno' },
} as const satisfies Record<string, CallDescription>;
