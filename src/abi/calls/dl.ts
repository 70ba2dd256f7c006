import type { CallDescription } from '../call.js';

/** Dynamic linking, WASIX (ABI §2.12). */
export const dlCalls = {
  dl_invalid_handle: {
    name: 'dl_invalid_handle',
    family: 'dl',
    params: [['handle', 'u32']],
    result: 'errno',
  },
  dlopen: {
    name: 'dlopen',
    family: 'dl',
    params: [
      ['path', 'string'],
      ['flags', 'dlflags'],
      ['error', 'out.bytes'],
      ['library_path', 'string'],
      ['handle', 'out.u32'],
    ],
    result: 'errno',
  },
  dlsym: {
    name: 'dlsym',
    family: 'dl',
    params: [
      ['handle', 'u32'],
      ['symbol', 'string'],
      ['error', 'out.bytes'],
      ['address', 'out.u32'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
