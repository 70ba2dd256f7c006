import type { CallDescription } from '../call.js';

/** Dynamic calls, closures, reflection, WASIX (ABI §2.13). */
export const dynamicCallCalls = {
  call_dynamic: {
    name: 'call_dynamic',
    family: 'dynamic-call',
    params: [
      ['function', 'funcref'],
      ['values', 'bytes'],
      ['results', 'out.bytes'],
      ['strict', 'bool'],
    ],
    result: 'errno',
  },
  closure_allocate: {
    name: 'closure_allocate',
    family: 'dynamic-call',
    params: [['closure', 'out.u32']],
    result: 'errno',
  },
  closure_free: {
    name: 'closure_free',
    family: 'dynamic-call',
    params: [['closure', 'funcref']],
    result: 'errno',
  },
  closure_prepare: {
    name: 'closure_prepare',
    family: 'dynamic-call',
    params: [
      ['backing', 'funcref'],
      ['closure', 'funcref'],
      ['argument_types', 'bytes'],
      ['result_types', 'bytes'],
      ['user_data', 'ptr'],
    ],
    result: 'errno',
  },
  reflect_signature: {
    name: 'reflect_signature',
    family: 'dynamic-call',
    params: [
      ['function', 'funcref'],
      ['argument_types', 'out.bytes'],
      ['result_types', 'out.bytes'],
      ['info', 'out.reflection'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
