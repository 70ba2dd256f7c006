import type { CallDescription } from '../call.js';

/** Sockets, preview1 (ABI §2.9). */
export const sockCalls = {
  sock_accept: {
    name: 'sock_accept',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['flags', 'fdflags'],
      ['accepted', 'out.fd'],
    ],
    result: 'errno',
  },
  sock_recv: {
    name: 'sock_recv',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['iovs', 'iovecs'],
      ['flags', 'riflags'],
      ['nread', 'out.size'],
      ['roflags', 'out.roflags'],
    ],
    result: 'errno',
  },
  sock_send: {
    name: 'sock_send',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['iovs', 'ciovecs'],
      ['flags', 'siflags'],
      ['nwritten', 'out.size'],
    ],
    result: 'errno',
  },
  sock_shutdown: {
    name: 'sock_shutdown',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['how', 'sdflags'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;

/** Sockets, WASIX (ABI §2.9). */
export const sockWasixCalls = {
  resolve: {
    name: 'resolve',
    family: 'sock',
    params: [
      ['host', 'string'],
      ['port', 'u16'],
      ['addrs', 'out.addr_ips'],
      ['naddrs', 'out.size'],
    ],
    result: 'errno',
  },
  sock_accept_v2: {
    name: 'sock_accept_v2',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['flags', 'fdflags'],
      ['accepted', 'out.fd'],
      ['addr', 'out.addr_port'],
    ],
    result: 'errno',
  },
  sock_addr_local: {
    name: 'sock_addr_local',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['addr', 'out.addr_port'],
    ],
    result: 'errno',
  },
  sock_addr_peer: {
    name: 'sock_addr_peer',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['addr', 'out.addr_port'],
    ],
    result: 'errno',
  },
  sock_bind: {
    name: 'sock_bind',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['addr', 'addr_port'],
    ],
    result: 'errno',
  },
  sock_connect: {
    name: 'sock_connect',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['addr', 'addr_port'],
    ],
    result: 'errno',
  },
  sock_listen: {
    name: 'sock_listen',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['backlog', 'size'],
    ],
    result: 'errno',
  },
  sock_open: {
    name: 'sock_open',
    family: 'sock',
    params: [
      ['family', 'address_family'],
      ['type', 'sock_type'],
      ['protocol', 'sock_proto'],
      ['fd', 'out.fd'],
    ],
    result: 'errno',
  },
  sock_pair: {
    name: 'sock_pair',
    family: 'sock',
    params: [
      ['family', 'address_family'],
      ['type', 'sock_type'],
      ['protocol', 'sock_proto'],
      ['fd0', 'out.fd'],
      ['fd1', 'out.fd'],
    ],
    result: 'errno',
  },
  sock_recv_from: {
    name: 'sock_recv_from',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['iovs', 'iovecs'],
      ['flags', 'riflags'],
      ['nread', 'out.size'],
      ['roflags', 'out.roflags'],
      ['addr', 'out.addr_port'],
    ],
    result: 'errno',
  },
  sock_send_file: {
    name: 'sock_send_file',
    family: 'sock',
    params: [
      ['out_fd', 'fd'],
      ['in_fd', 'fd'],
      ['offset', 'filesize'],
      ['count', 'filesize'],
      ['sent', 'out.filesize'],
    ],
    result: 'errno',
  },
  sock_send_to: {
    name: 'sock_send_to',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['iovs', 'ciovecs'],
      ['flags', 'siflags'],
      ['addr', 'addr_port'],
      ['nwritten', 'out.size'],
    ],
    result: 'errno',
  },
  sock_status: {
    name: 'sock_status',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['status', 'out.sock_status'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;

/** Names that newer hosts add (ABI §2.9). */
export const sockNewerCalls = {
  sock_recv_msg: {
    name: 'sock_recv_msg',
    family: 'sock',
    params: [
      ['fd', 'fd'],
      ['iovs', 'iovecs'],
      ['flags', 'riflags'],
      ['addr', 'out.addr_port'],
      ['control', 'out.bytes'],
      ['nread', 'out.size'],
      ['roflags', 'out.roflags'],
      ['control_used', 'out.size'],
    ],
    result: 'errno',
  },
} as const satisfies Record<string, CallDescription>;
