import type { CallDescription } from '../call.js';

/** setjmp and longjmp of asyncify builds, WASIX (ABI §2.7, §5.7). */
export const stackCalls = {
  stack_checkpoint: {
    name: 'stack_checkpoint',
    family: 'stack',
    params: [
      ['snapshot', 'out.stack_snapshot'],
      ['value', 'out.u64'],
    ],
    result: 'errno',
  },
  stack_restore: {
    name: 'stack_restore',
    family: 'stack',
    params: [
      ['snapshot', 'stack_snapshot'],
      ['value', 'u64'],
    ],
    result: 'noreturn',
  },
} as const satisfies Record<string, CallDescription>;
