import type { CallDescription } from '../call.js';

/** Socket options and multicast, WASIX (ABI §2.9). */
export const sockOptionCalls = {
  sock_get_opt_flag: {
    name: 'sock_get_opt_flag',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['option', 'sock_option'],
      ['value', 'out.bool'],
    ],
    result: 'errno',
  },
  sock_get_opt_size: {
    name: 'sock_get_opt_size',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['option', 'sock_option'],
      ['value', 'out.filesize'],
    ],
    result: 'errno',
  },
  sock_get_opt_time: {
    name: 'sock_get_opt_time',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['option', 'sock_option'],
      ['value', 'out.option_timestamp'],
    ],
    result: 'errno',
  },
  sock_join_multicast_v4: {
    name: 'sock_join_multicast_v4',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['group', 'ip4'],
      ['interface', 'ip4'],
    ],
    result: 'errno',
  },
  sock_join_multicast_v6: {
    name: 'sock_join_multicast_v6',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['group', 'ip6'],
      ['interface', 'u32'],
    ],
    result: 'errno',
  },
  sock_leave_multicast_v4: {
    name: 'sock_leave_multicast_v4',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['group', 'ip4'],
      ['interface', 'ip4'],
    ],
    result: 'errno',
  },
  sock_leave_multicast_v6: {
    name: 'sock_leave_multicast_v6',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['group', 'ip6'],
      ['interface', 'u32'],
    ],
    result: 'errno',
  },
  sock_set_opt_flag: {
    name: 'sock_set_opt_flag',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['option', 'sock_option'],
      ['value', 'bool'],
    ],
    result: 'errno',
  },
  sock_set_opt_size: {
    name: 'sock_set_opt_size',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['option', 'sock_option'],
      ['value', 'filesize'],
    ],
    result: 'errno',
  },
  sock_set_opt_time: {
    name: 'sock_set_opt_time',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['option', 'sock_option'],
      ['value', 'option_timestamp'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
