import type { CallDescription } from '../call.js';

/** wasi-threads (ABI §2.5). */
export const wasiThreadsCalls = {
  /** `start` is opaque here: a guest may pass whatever its `wasi_thread_start` takes. */
  'thread-spawn': { name: 'thread-spawn', family: 'thread', params: [['start', 'ptr']], result: 'tid' },
} as const satisfies Record<string, CallDescription>;

/** Threads, WASIX (ABI §2.5). */
export const threadCalls = {
  thread_exit: { name: 'thread_exit', family: 'thread', params: [['code', 's32']], result: 'noreturn' },
  thread_id: { name: 'thread_id', family: 'thread', params: [['tid', 'out.tid']], result: 'errno' },
  thread_join: { name: 'thread_join', family: 'thread', params: [['tid', 'tid']], result: 'errno' },
  thread_parallelism: {
    name: 'thread_parallelism',
    family: 'thread',
    params: [['parallelism', 'out.size']],
    result: 'errno',
  },
  thread_signal: {
    name: 'thread_signal',
    family: 'thread',
    params: [
      ['tid', 'tid'],
      ['signal', 'signal'],
    ],
    result: 'errno',
  },
  thread_sleep: {
    name: 'thread_sleep',
    family: 'thread',
    params: [['duration', 'timestamp']],
    result: 'errno',
  },
  thread_spawn_v2: {
    name: 'thread_spawn_v2',
    family: 'thread',
    params: [
      ['start', 'thread_start'],
      ['tid', 'out.tid'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
