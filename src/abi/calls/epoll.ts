import type { CallDescription } from '../call.js';

/** Epoll, WASIX (ABI §2.4). */
export const epollCalls = {
  epoll_create: { name: 'epoll_create', family: 'epoll', params: [['epfd', 'out.fd']], result: 'errno' },
  epoll_ctl: {
    name: 'epoll_ctl',
    family: 'epoll',
    params: [
      ['epfd', 'fd'],
      ['op', 'epoll_ctl'],
      ['fd', 'fd'],
      ['event', 'epoll_event'],
    ],
    result: 'errno',
  },
  epoll_wait: {
    name: 'epoll_wait',
    family: 'epoll',
    params: [
      ['epfd', 'fd'],
      ['events', 'out.epoll_events'],
      ['timeout', 'timestamp'],
      ['nevents', 'out.size'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
