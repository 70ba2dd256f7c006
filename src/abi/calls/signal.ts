import type { CallDescription } from '../call.js';

/** Signals, preview1 (ABI §2.8). */
export const signalCalls = {
  proc_raise: { name: 'proc_raise', family: 'signal', params: [['signal', 'signal']], result: 'errno' },
} as const satisfies Record<string, CallDescription>;

/** Signals, WASIX (ABI §2.8). */
export const signalWasixCalls = {
  callback_signal: {
    name: 'callback_signal',
    family: 'signal',
    params: [['name', 'string']],
    result: 'none',
  },
  proc_raise_interval: {
    name: 'proc_raise_interval',
    family: 'signal',
    params: [
      ['signal', 'signal'],
      ['interval', 'timestamp'],
      ['repeat', 'bool'],
    ],
    result: 'errno',
  },
  proc_signal: {
    name: 'proc_signal',
    family: 'signal',
    params: [
      ['pid', 'pid'],
      ['signal', 'signal'],
    ],
    result: 'errno',
  },
  proc_signals_get: {
    name: 'proc_signals_get',
    family: 'signal',
    params: [['buf', 'out.signal_dispositions']],
    result: 'errno',
  },
  proc_signals_sizes_get: {
    name: 'proc_signals_sizes_get',
    family: 'signal',
    params: [['count', 'out.size']],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;

/** Names that newer hosts add (ABI §2.8). */
export const signalNewerCalls = {
  proc_raise_interval2: {
    name: 'proc_raise_interval2',
    family: 'signal',
    params: [
      ['signal', 'signal'],
      ['new_value', 'ptr'],
      ['old_value', 'out.ptr'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
