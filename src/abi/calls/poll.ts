import type { CallDescription } from '../call.js';

/** Waiting for descriptors and clocks (ABI §2.4). */
export const pollCalls = {
  poll_oneoff: {
    name: 'poll_oneoff',
    family: 'poll',
    params: [
      ['in', 'subscriptions'],
      ['out', 'out.events'],
      ['n', 'size'],
      ['nevents', 'out.size'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
