import type { CallDescription } from '../call.js';

/** Descriptors, preview1 (ABI §2.2). */
export const fdCalls = {
  fd_advise: {
    name: 'fd_advise',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['offset', 'filesize'],
      ['len', 'filesize'],
      ['advice', 'advice'],
    ],
    result: 'errno',
  },
  fd_allocate: {
    name: 'fd_allocate',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['offset', 'filesize'],
      ['len', 'filesize'],
    ],
    result: 'errno',
  },
  fd_close: { name: 'fd_close', family: 'fd', params: [['fd', 'fd']], result: 'errno' },
  fd_datasync: { name: 'fd_datasync', family: 'fd', params: [['fd', 'fd']], result: 'errno' },
  fd_fdstat_get: {
    name: 'fd_fdstat_get',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['stat', 'out.fdstat'],
    ],
    result: 'errno',
  },
  fd_fdstat_set_flags: {
    name: 'fd_fdstat_set_flags',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['flags', 'fdflags'],
    ],
    result: 'errno',
  },
  fd_fdstat_set_rights: {
    name: 'fd_fdstat_set_rights',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['base', 'rights'],
      ['inheriting', 'rights'],
    ],
    result: 'errno',
  },
  fd_filestat_get: {
    name: 'fd_filestat_get',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['stat', 'out.filestat'],
    ],
    result: 'errno',
  },
  fd_filestat_set_size: {
    name: 'fd_filestat_set_size',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['size', 'filesize'],
    ],
    result: 'errno',
  },
  fd_filestat_set_times: {
    name: 'fd_filestat_set_times',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['atim', 'timestamp'],
      ['mtim', 'timestamp'],
      ['flags', 'fstflags'],
    ],
    result: 'errno',
  },
  fd_pread: {
    name: 'fd_pread',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['iovs', 'iovecs'],
      ['offset', 'filesize'],
      ['nread', 'out.size'],
    ],
    result: 'errno',
  },
  fd_prestat_get: {
    name: 'fd_prestat_get',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['prestat', 'out.prestat'],
    ],
    result: 'errno',
  },
  fd_prestat_dir_name: {
    name: 'fd_prestat_dir_name',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['path', 'out.bytes'],
    ],
    result: 'errno',
  },
  fd_pwrite: {
    name: 'fd_pwrite',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['iovs', 'ciovecs'],
      ['offset', 'filesize'],
      ['nwritten', 'out.size'],
    ],
    result: 'errno',
  },
  fd_read: {
    name: 'fd_read',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['iovs', 'iovecs'],
      ['nread', 'out.size'],
    ],
    result: 'errno',
  },
  fd_readdir: {
    name: 'fd_readdir',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['buf', 'out.bytes'],
      ['cookie', 'u64'],
      ['bufused', 'out.size'],
    ],
    result: 'errno',
  },
  fd_renumber: {
    name: 'fd_renumber',
    family: 'fd',
    params: [
      ['from', 'fd'],
      ['to', 'fd'],
    ],
    result: 'errno',
  },
  fd_seek: {
    name: 'fd_seek',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['delta', 's64'],
      ['whence', 'whence'],
      ['newpos', 'out.filesize'],
    ],
    result: 'errno',
  },
  fd_sync: { name: 'fd_sync', family: 'fd', params: [['fd', 'fd']], result: 'errno' },
  fd_tell: {
    name: 'fd_tell',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['pos', 'out.filesize'],
    ],
    result: 'errno',
  },
  fd_write: {
    name: 'fd_write',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['iovs', 'ciovecs'],
      ['nwritten', 'out.size'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;

/** Descriptors, WASIX (ABI §2.2). */
export const fdWasixCalls = {
  fd_dup: {
    name: 'fd_dup',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['newfd', 'out.fd'],
    ],
    result: 'errno',
  },
  /** Despite its name F_DUPFD: the lowest free descriptor from `min_fd` on. */
  fd_dup2: {
    name: 'fd_dup2',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['min_fd', 'fd'],
      ['cloexec', 'bool'],
      ['newfd', 'out.fd'],
    ],
    result: 'errno',
  },
  fd_event: {
    name: 'fd_event',
    family: 'fd',
    params: [
      ['initial', 'u64'],
      ['flags', 'eventfdflags'],
      ['fd', 'out.fd'],
    ],
    result: 'errno',
  },
  fd_fdflags_get: {
    name: 'fd_fdflags_get',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['flags', 'out.fdflagsext'],
    ],
    result: 'errno',
  },
  fd_fdflags_set: {
    name: 'fd_fdflags_set',
    family: 'fd',
    params: [
      ['fd', 'fd'],
      ['flags', 'fdflagsext'],
    ],
    result: 'errno',
  },
  fd_pipe: {
    name: 'fd_pipe',
    family: 'fd',
    params: [
      ['rd', 'out.fd'],
      ['wr', 'out.fd'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
