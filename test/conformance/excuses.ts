/** What no case of fixtures/ can show of a call, and why: shown elsewhere, or not to be had on purpose. */
import type { CallName } from '../../src/abi/namespaces.js';
import type { Sight } from './goals.js';

const host = 'only a failing host or device answers it';
const network = 'only the network of a machine that has routes to nowhere answers it';
const terminal = 'cases run without a terminal; test/cli/terminal.test.ts has one';
const silence =
  'only an address that does not answer: test/net/connect-timeout.test.ts has one, with fixtures/wasix/sock-silent.c';
const bound =
  'sock_bind answers it: who is bound has the address (wasix/sock-taken); an unbound socket takes a free port';
const last = 'the last call of the thread or process that makes it';
const virtual = 'there is no virtual network: all that it answers is NOTSUP';

/** The calls of the virtual network but `port_addr_list`, which tells of the machine's. */
const portCalls = [
  ...['port_addr_add', 'port_addr_clear', 'port_addr_remove', 'port_bridge', 'port_dhcp_acquire'],
  ...['port_gateway_set', 'port_mac', 'port_route_add', 'port_route_clear', 'port_route_list'],
  ...['port_route_remove', 'port_unbridge'],
];

export const excuses: Readonly<Partial<Record<CallName, Partial<Record<Sight, string>>>>> = {
  random_get: { IO: host },
  fd_allocate: { NOSPC: host },
  fd_datasync: { IO: host },
  fd_sync: { IO: host },
  path_link: { MLINK: 'the limit is the host file system’s' },
  fd_event: { NFILE: 'kernel memory for millions of objects' },
  fd_pipe: { NFILE: 'kernel memory for thousands of pipes' },
  tty_get: { SUCCESS: terminal, AT_ONCE: terminal },
  tty_set: { SUCCESS: terminal, AT_ONCE: terminal },
  sock_connect: { HOSTUNREACH: network, NETUNREACH: network, TIMEDOUT: silence },
  sock_listen: { ADDRINUSE: bound },
  epoll_ctl: { NOSPC: 'a million watched descriptors' },
  thread_exit: { AT_ONCE: last },
  proc_exec: { AT_ONCE: last },
  proc_exec2: { AT_ONCE: last },
  proc_exit: { AT_ONCE: last },
  proc_fork_env: { AT_ONCE: 'it answers in the child, which has one thread' },
  ...Object.fromEntries(
    portCalls.map((name) => [name, { SUCCESS: virtual, FAULT: virtual, AT_ONCE: virtual }]),
  ),
};
