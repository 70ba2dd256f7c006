/**
 * The structs that guests and host exchange in guest memory, wasm32 (ABI §3.6 to §3.11), and the variants of
 * `wasi_unstable` (ABI §1.1). Unions list the fields of all their members, at the same places.
 */
import { layout } from './layout.js';

// Files, ABI §3.6.

/** One buffer of a scatter or gather list; `ciovec` is the same. */
export const iovec = layout({ buf: 'u32', len: 'u32' });

export const fdstat = layout({ filetype: 'u8', flags: 'u16', rightsBase: 'u64', rightsInheriting: 'u64' });

/** Times in nanoseconds since the epoch. */
export const filestat = layout({
  dev: 'u64',
  ino: 'u64',
  filetype: 'u8',
  nlink: 'u64',
  size: 'u64',
  atim: 'u64',
  mtim: 'u64',
  ctim: 'u64',
});

/** `filestat` in `wasi_unstable`: the link count is a u32, so everything after it moves up (ABI §1.1). */
export const filestatSnapshot0 = layout({
  dev: 'u64',
  ino: 'u64',
  filetype: 'u8',
  nlink: 'u32',
  size: 'u64',
  atim: 'u64',
  mtim: 'u64',
  ctim: 'u64',
});

export const prestat = layout({ tag: 'u8', nameLen: 'u32' });

/** Head of a directory entry: the name follows at once, the next entry directly after it, unaligned. */
export const dirent = layout({ next: 'u64', ino: 'u64', nameLen: 'u32', filetype: 'u8' });

// Poll, ABI §3.7.

/** `fd` is the member for descriptor events, at the place of the clock's id. */
export const subscription = layout({
  userdata: 'u64',
  tag: 'u8',
  clockId: { type: 'u32', offset: 16 },
  timeout: 'u64',
  precision: 'u64',
  clockFlags: 'u16',
  fd: { type: 'u32', offset: 16 },
});

/** `subscription` in `wasi_unstable`: its clock member begins with an identifier (ABI §1.1). */
export const subscriptionSnapshot0 = layout({
  userdata: 'u64',
  tag: 'u8',
  identifier: { type: 'u64', offset: 16 },
  clockId: 'u32',
  timeout: 'u64',
  precision: 'u64',
  clockFlags: 'u16',
  fd: { type: 'u32', offset: 16 },
});

export const event = layout({ userdata: 'u64', error: 'u16', type: 'u8', nbytes: 'u64', flags: 'u16' });

/** The 24 bytes from `ptr` on are the guest's own data and are echoed, with `fd` the watched descriptor. */
export const epollEvent = layout({
  events: 'u32',
  ptr: { type: 'u32', offset: 8 },
  fd: 'u32',
  data1: 'u32',
  data2: 'u64',
});

// Options and threads, ABI §3.8.

/** `value` is nanoseconds. */
export const optionTimestamp = layout({ tag: 'u8', value: 'u64' });

export const optionFd = layout({ tag: 'u8', value: 'u32' });

export const optionPid = layout({ tag: 'u8', value: 'u32' });

export const hash = layout({ b0: 'u64', b1: 'u64' });

export const optionHash = layout({ tag: 'u8', value: { struct: hash } });

/** Argument of a thread spawn, owned by the guest. `stack` is the top, 16-aligned; `startFunc` a table index. */
export const threadStart = layout({
  stack: 'u32',
  tlsBase: 'u32',
  startFunc: 'u32',
  startArg: 'u32',
  self: 'u32',
  reserved: { bytes: 36, align: 4 },
  stackSize: 'u32',
  guardSize: 'u32',
});

export const stackSnapshot = layout({ user: 'u64', hash: { struct: hash } });

/** Mirror of libc's own thread record. No call takes it; it serves to read a thread's state for reports. */
export const threadState = layout({
  self: 'u32',
  dtv: 'u32',
  prev: 'u32',
  next: 'u32',
  sysinfo: 'u32',
  canary: 'u32',
  tid: 'u32',
  errno: 'u32',
  detachState: 'u32',
  cancel: 'u32',
  cancelDisable: 'u8',
  cancelAsync: 'u8',
  flags: 'u16',
  mapBase: 'u32',
  mapSize: 'u32',
  stack: 'u32',
  stackSize: 'u32',
  guardSize: 'u32',
  result: 'u32',
  cancelBuf: 'u32',
  tsd: 'u32',
  robustHead: 'u32',
  robustOff: 'u32',
  robustPending: 'u32',
  hErrno: 'u32',
  timerId: 'u32',
  locale: 'u32',
  killLock: 'u32',
  dlerrorBuf: 'u32',
  stdioLocks: 'u32',
});

/** Head of the area that asyncify saves call frames to: they go from `cur` up to `end` (ABI §5.1). */
export const asyncifyData = layout({ cur: 'u32', end: 'u32' });

// Processes, ABI §3.9.

export const processHandles = layout({
  pid: 'u32',
  stdin: { struct: optionFd },
  stdout: { struct: optionFd },
  stderr: { struct: optionFd },
});

/** `code` belongs to EXIT_NORMAL and EXIT_SIGNAL, `signal` to EXIT_SIGNAL, `stopSignal` to STOPPED. */
export const joinStatus = layout({
  tag: 'u8',
  code: 'u16',
  signal: 'u8',
  stopSignal: { type: 'u8', offset: 2 },
});

export const signalDisposition = layout({ signal: 'u8', disposition: 'u8' });

export const spawnFdOp = layout({
  cmd: 'u8',
  fd: 'u32',
  srcFd: 'u32',
  path: 'u32',
  pathLen: 'u32',
  dirflags: 'u32',
  oflags: 'u16',
  rightsBase: 'u64',
  rightsInheriting: 'u64',
  fdflags: 'u16',
  fdflagsext: 'u16',
});

// Network, ABI §3.10. Octets are in network order, the port is a little-endian number.

/** Bytes of an `addr_port` that a host may write for IPv4 and IPv6: guests of older headers have no more. */
export const ADDR_PORT_IP_SIZE = 20;

/**
 * Socket address with port. `octets` holds 4 bytes for IPv4 and 16 for IPv6; the four words after it are IPv6
 * only and are ignored; `path` is the NUL-terminated name of a UNIX address, at most 107 bytes.
 */
export const addrPort = layout({
  family: 'u8',
  port: 'u16',
  octets: { bytes: 16, offset: 4 },
  flowInfo1: 'u16',
  flowInfo0: 'u16',
  scopeId1: 'u16',
  scopeId0: 'u16',
  path: { bytes: 108, offset: 2 },
});

/** Address without port: 4 octets for IPv4, 16 for IPv6. */
export const addr = layout({ family: 'u8', octets: { bytes: 108, align: 2 } });

/** One result of `resolve`: 4 octets for IPv4, 16 for IPv6. */
export const addrIp = layout({ family: 'u8', octets: { bytes: 16, align: 2 } });

export const ip4 = layout({ octets: { bytes: 4 } });

export const ip6 = layout({
  octets: { bytes: 16, align: 2 },
  flowInfo1: 'u16',
  flowInfo0: 'u16',
  scopeId1: 'u16',
  scopeId0: 'u16',
});

/** Address with prefix length as libc has it; the reference host uses {@link cidrPacked} instead. */
export const cidr = layout({
  family: 'u8',
  octets: { bytes: 16, align: 2 },
  prefix4: { type: 'u8', offset: 6 },
  prefix6: { type: 'u8', offset: 26 },
});

/** The reference host's `cidr`, packed: the prefix length comes right after the octets. */
export const cidrPacked = layout({
  family: 'u8',
  octets: { bytes: 18 },
  prefix4: { type: 'u8', offset: 5 },
  prefix6: { type: 'u8', offset: 17 },
});

/** Route as libc has it (176 bytes; the reference host's, 72 bytes, is not described). */
export const route = layout({
  cidr: { struct: cidr },
  viaRouter: { struct: addr },
  preferredUntil: { struct: optionTimestamp },
  expiresAt: { struct: optionTimestamp },
});

export const hardwareAddress = layout({ octets: { bytes: 6 } });

/** Seconds and microseconds. */
export const timeval = layout({ seconds: 'u64', microseconds: 'u64' });

/** An interval timer: time between expirations, time until the next one (ABI §2.8). */
export const itimerval = layout({ interval: { struct: timeval }, value: { struct: timeval } });

// Terminal, ABI §3.11.

/** Columns and rows in characters, width and height in pixels, the rest booleans. */
export const tty = layout({
  cols: 'u32',
  rows: 'u32',
  width: 'u32',
  height: 'u32',
  stdinTty: 'u8',
  stdoutTty: 'u8',
  stderrTty: 'u8',
  echo: 'u8',
  lineBuffered: 'u8',
  lineFeeds: 'u8',
});

// Reflection, ABI §2.13.

/** What `reflect_signature` reports besides the types: whether it may be cached, and both counts. */
export const reflection = layout({ cacheable: 'u8', arguments: 'u16', results: 'u16' });
