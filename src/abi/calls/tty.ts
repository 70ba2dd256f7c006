import type { CallDescription } from '../call.js';

/** Terminal state, WASIX (ABI §2.11). */
export const ttyCalls = {
  tty_get: { name: 'tty_get', family: 'tty', params: [['state', 'out.tty']], result: 'errno' },
  tty_set: { name: 'tty_set', family: 'tty', params: [['state', 'tty']], result: 'errno' },
} as const satisfies Record<string, CallDescription>;
