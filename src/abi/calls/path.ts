import type { CallDescription } from '../call.js';

/** Paths, preview1 (ABI §2.3). */
export const pathCalls = {
  path_create_directory: {
    name: 'path_create_directory',
    family: 'path',
    params: [
      ['fd', 'fd'],
      ['path', 'string'],
    ],
    result: 'errno',
  },
  path_filestat_get: {
    name: 'path_filestat_get',
    family: 'path',
    params: [
      ['fd', 'fd'],
      ['lookup', 'lookupflags'],
      ['path', 'string'],
      ['stat', 'out.filestat'],
    ],
    result: 'errno',
  },
  path_filestat_set_times: {
    name: 'path_filestat_set_times',
    family: 'path',
    params: [
      ['fd', 'fd'],
      ['lookup', 'lookupflags'],
      ['path', 'string'],
      ['atim', 'timestamp'],
      ['mtim', 'timestamp'],
      ['flags', 'fstflags'],
    ],
    result: 'errno',
  },
  path_link: {
    name: 'path_link',
    family: 'path',
    params: [
      ['old_fd', 'fd'],
      ['lookup', 'lookupflags'],
      ['old_path', 'string'],
      ['new_fd', 'fd'],
      ['new_path', 'string'],
    ],
    result: 'errno',
  },
  path_open: {
    name: 'path_open',
    family: 'path',
    params: [
      ['fd', 'fd'],
      ['lookup', 'lookupflags'],
      ['path', 'string'],
      ['oflags', 'oflags'],
      ['rights_base', 'rights'],
      ['rights_inheriting', 'rights'],
      ['fdflags', 'fdflags'],
      ['opened', 'out.fd'],
    ],
    result: 'errno',
  },
  path_readlink: {
    name: 'path_readlink',
    family: 'path',
    params: [
      ['fd', 'fd'],
      ['path', 'string'],
      ['buf', 'out.bytes'],
      ['used', 'out.size'],
    ],
    result: 'errno',
  },
  path_remove_directory: {
    name: 'path_remove_directory',
    family: 'path',
    params: [
      ['fd', 'fd'],
      ['path', 'string'],
    ],
    result: 'errno',
  },
  path_rename: {
    name: 'path_rename',
    family: 'path',
    params: [
      ['old_fd', 'fd'],
      ['old_path', 'string'],
      ['new_fd', 'fd'],
      ['new_path', 'string'],
    ],
    result: 'errno',
  },
  /** The target comes before the directory. */
  path_symlink: {
    name: 'path_symlink',
    family: 'path',
    params: [
      ['target', 'string'],
      ['fd', 'fd'],
      ['path', 'string'],
    ],
    result: 'errno',
  },
  path_unlink_file: {
    name: 'path_unlink_file',
    family: 'path',
    params: [
      ['fd', 'fd'],
      ['path', 'string'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;

/** Paths and the working directory, WASIX (ABI §2.3). */
export const pathWasixCalls = {
  chdir: { name: 'chdir', family: 'path', params: [['path', 'string']], result: 'errno' },
  getcwd: {
    name: 'getcwd',
    family: 'path',
    params: [
      ['buf', 'out.ptr'],
      ['len', 'inout.size'],
    ],
    result: 'errno',
  },
  path_open2: {
    name: 'path_open2',
    family: 'path',
    params: [
      ['fd', 'fd'],
      ['lookup', 'lookupflags'],
      ['path', 'string'],
      ['oflags', 'oflags'],
      ['rights_base', 'rights'],
      ['rights_inheriting', 'rights'],
      ['fdflags', 'fdflags'],
      ['fdflagsext', 'fdflagsext'],
      ['opened', 'out.fd'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
