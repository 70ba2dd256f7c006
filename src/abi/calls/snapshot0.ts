import type { CallDescription } from '../call.js';

/**
 * Calls whose structs or numbers differ in `wasi_unstable`, at the same wasm types (ABI §1.1).
 * They are imported under the names without the suffix.
 */
export const snapshot0Calls = {
  fd_filestat_get_snapshot0: {
    name: 'fd_filestat_get_snapshot0',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['stat', 'out.filestat_snapshot0'],
    ],
    result: 'errno',
  },
  fd_seek_snapshot0: {
    name: 'fd_seek_snapshot0',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['delta', 's64'],
      ['whence', 'whence_snapshot0'],
      ['newpos', 'out.filesize'],
    ],
    result: 'errno',
  },
  path_filestat_get_snapshot0: {
    name: 'path_filestat_get_snapshot0',
    family: 'path',
    params: [
      ['fd', 'fd'],
      ['lookup', 'lookupflags'],
      ['path', 'string'],
      ['stat', 'out.filestat_snapshot0'],
    ],
    result: 'errno',
  },
  poll_oneoff_snapshot0: {
    name: 'poll_oneoff_snapshot0',
    family: 'poll',
    params: [
      ['in', 'subscriptions_snapshot0'],
      ['out', 'out.events'],
      ['n', 'size'],
      ['nevents', 'out.size'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
