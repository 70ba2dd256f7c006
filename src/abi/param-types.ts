/**
 * The logical types of guest-call parameters, as data. One description of a call, written in these types, gives
 * its wasm signature, its decoded trace line and its place in `inspect`.
 */
import { Advice } from './advice.js';
import { ClockId } from './clock-id.js';
import { EpollCtl } from './epoll.js';
import {
  DlFlags,
  EventFdFlags,
  FdFlags,
  FdFlagsExt,
  FstFlags,
  JoinFlags,
  LookupFlags,
  OFlags,
  RiFlags,
  RoFlags,
  SdFlags,
  SiFlags,
  StreamSecurity,
} from './flags.js';
import type { Layout } from './layout.js';
import { StdioMode } from './process.js';
import { Rights } from './rights.js';
import { AddressFamily, SocketOption, SocketProtocol, SocketStatus, SocketType } from './socket.js';
import * as structs from './structs.js';
import { Whence, WhenceSnapshot0 } from './whence.js';

/** Wasm types that parameters of guest calls have. */
export type WasmType = 'i32' | 'i64';

/** Whether the guest gives the value, the host fills it in, or both. */
export type Direction = 'in' | 'out' | 'inout';

/**
 * How a parameter is to be read.
 * - `unsigned`, `signed`: the number itself.
 * - `enum`, `flags`: a number that `values` can name.
 * - `pointer`: an address about which nothing more is known.
 * - `scalar`, `struct`: the address of one number of `bits`, or of one struct of layout `struct`.
 * - `array`: the address of structs; their count is the second wasm parameter, or a later parameter of the call.
 * - `string`, `bytes`: address and byte length of UTF-8 text, of arbitrary bytes.
 * - `iovecs`: address and count of buffers.
 * - `strings`: address and count of pointers to NUL-terminated strings.
 */
export type Form =
  | 'unsigned'
  | 'signed'
  | 'enum'
  | 'flags'
  | 'pointer'
  | 'scalar'
  | 'struct'
  | 'array'
  | 'string'
  | 'bytes'
  | 'iovecs'
  | 'strings';

/** What is known of one parameter type. */
export interface ParamTypeDescription {
  readonly wasm: readonly WasmType[];
  readonly direction: Direction;
  readonly form: Form;
  /** Width of the number, which may be less than the wasm type's: mask it, or read that many bits. */
  readonly bits?: 8 | 16 | 32 | 64;
  /** Names of the values of an enum, or of the bits of flags. */
  readonly values?: Readonly<Record<string, number | bigint>>;
  /** Layout of what is pointed at, for `struct` and `array`. */
  readonly struct?: Layout<string>;
}

const one = ['i32'] as const;
const wide = ['i64'] as const;
const pair = ['i32', 'i32'] as const;

const u8 = { wasm: one, direction: 'in', form: 'unsigned', bits: 8 } as const;
const u16 = { wasm: one, direction: 'in', form: 'unsigned', bits: 16 } as const;
const u32 = { wasm: one, direction: 'in', form: 'unsigned', bits: 32 } as const;
const u64 = { wasm: wide, direction: 'in', form: 'unsigned', bits: 64 } as const;
const pointer = { wasm: one, direction: 'in', form: 'pointer' } as const;
const text = { wasm: pair, direction: 'in', form: 'string' } as const;
const in8 = { wasm: one, direction: 'in', bits: 8 } as const;
const in16 = { wasm: one, direction: 'in', bits: 16 } as const;
const in32 = { wasm: one, direction: 'in', bits: 32 } as const;
const out8 = { wasm: one, direction: 'out', form: 'scalar', bits: 8 } as const;
const out16 = { wasm: one, direction: 'out', form: 'scalar', bits: 16 } as const;
const out32 = { wasm: one, direction: 'out', form: 'scalar', bits: 32 } as const;
const out64 = { wasm: one, direction: 'out', form: 'scalar', bits: 64 } as const;
const inStruct = { wasm: one, direction: 'in', form: 'struct' } as const;
const outStruct = { wasm: one, direction: 'out', form: 'struct' } as const;
const inArray = { wasm: pair, direction: 'in', form: 'array' } as const;

/** Numbers, identifiers and addresses. */
const numbers = {
  u8,
  u16,
  u32,
  s32: { wasm: one, direction: 'in', form: 'signed', bits: 32 },
  u64,
  s64: { wasm: wide, direction: 'in', form: 'signed', bits: 64 },
  bool: u8,
  fd: u32,
  tid: u32,
  pid: u32,
  signal: u8,
  /** Length or count in guest memory. */
  size: u32,
  /** Offset or length in a file, in bytes. */
  filesize: u64,
  /** Nanoseconds. */
  timestamp: u64,
  /** Index into the guest's function table. */
  funcref: u32,
  /** Address of something the host need not read itself, or that the call's own code takes apart. */
  ptr: pointer,
} as const satisfies Record<string, ParamTypeDescription>;

/** Enumerations and flag words, which tracing can name. */
const named = {
  clockid: { ...in32, form: 'enum', values: ClockId },
  whence: { ...in8, form: 'enum', values: Whence },
  whence_snapshot0: { ...in8, form: 'enum', values: WhenceSnapshot0 },
  advice: { ...in8, form: 'enum', values: Advice },
  epoll_ctl: { ...in32, form: 'enum', values: EpollCtl },
  address_family: { ...in8, form: 'enum', values: AddressFamily },
  sock_type: { ...in8, form: 'enum', values: SocketType },
  sock_proto: { ...in16, form: 'enum', values: SocketProtocol },
  sock_option: { ...in8, form: 'enum', values: SocketOption },
  stdio_mode: { ...in8, form: 'enum', values: StdioMode },
  fdflags: { ...in16, form: 'flags', values: FdFlags },
  fdflagsext: { ...in16, form: 'flags', values: FdFlagsExt },
  oflags: { ...in16, form: 'flags', values: OFlags },
  lookupflags: { ...in32, form: 'flags', values: LookupFlags },
  fstflags: { ...in16, form: 'flags', values: FstFlags },
  riflags: { ...in16, form: 'flags', values: RiFlags },
  siflags: { ...in16, form: 'flags', values: SiFlags },
  sdflags: { ...in8, form: 'flags', values: SdFlags },
  eventfdflags: { ...in16, form: 'flags', values: EventFdFlags },
  joinflags: { ...in32, form: 'flags', values: JoinFlags },
  dlflags: { ...in32, form: 'flags', values: DlFlags },
  stream_security: { ...in8, form: 'flags', values: StreamSecurity },
  rights: { wasm: wide, direction: 'in', form: 'flags', bits: 64, values: Rights },
} as const satisfies Record<string, ParamTypeDescription>;

/** What the host reads from guest memory. */
const inputs = {
  string: text,
  bytes: { wasm: pair, direction: 'in', form: 'bytes' },
  ciovecs: { wasm: pair, direction: 'in', form: 'iovecs' },
  strings: { wasm: pair, direction: 'in', form: 'strings' },
  /** The count is a later parameter. */
  subscriptions: { wasm: one, direction: 'in', form: 'array', struct: structs.subscription },
  subscriptions_snapshot0: {
    wasm: one,
    direction: 'in',
    form: 'array',
    struct: structs.subscriptionSnapshot0,
  },
  epoll_event: { ...inStruct, struct: structs.epollEvent },
  thread_start: { ...inStruct, struct: structs.threadStart },
  option_timestamp: { ...inStruct, struct: structs.optionTimestamp },
  stack_snapshot: { ...inStruct, struct: structs.stackSnapshot },
  spawn_fd_ops: { ...inArray, struct: structs.spawnFdOp },
  signal_dispositions: { ...inArray, struct: structs.signalDisposition },
  addr_port: { ...inStruct, struct: structs.addrPort },
  addr: { ...inStruct, struct: structs.addr },
  ip4: { ...inStruct, struct: structs.ip4 },
  ip6: { ...inStruct, struct: structs.ip6 },
  cidr: { ...inStruct, struct: structs.cidr },
  tty: { ...inStruct, struct: structs.tty },
} as const satisfies Record<string, ParamTypeDescription>;

/** What the host writes to guest memory: buffers, numbers. */
const outputs = {
  iovecs: { wasm: pair, direction: 'out', form: 'iovecs' },
  'out.bytes': { wasm: pair, direction: 'out', form: 'bytes' },
  /** A buffer whose length the guest has asked for in another call. */
  'out.ptr': { wasm: one, direction: 'out', form: 'pointer' },
  'out.u8': out8,
  'out.u16': out16,
  'out.u32': out32,
  'out.u64': out64,
  'out.bool': out8,
  'out.fd': out32,
  'out.tid': out32,
  'out.pid': out32,
  'out.size': out32,
  'out.filesize': out64,
  'out.timestamp': out64,
  'out.fdflagsext': { ...out16, values: FdFlagsExt },
  'out.roflags': { ...out16, values: RoFlags },
  'out.sock_status': { ...out8, values: SocketStatus },
  'inout.pid': { wasm: one, direction: 'inout', form: 'scalar', bits: 32 },
  /** In: capacity. Out: what was, or would have been, needed. */
  'inout.size': { wasm: one, direction: 'inout', form: 'scalar', bits: 32 },
} as const satisfies Record<string, ParamTypeDescription>;

/** What the host writes to guest memory: structs. */
const outputStructs = {
  'out.fdstat': { ...outStruct, struct: structs.fdstat },
  'out.filestat': { ...outStruct, struct: structs.filestat },
  'out.filestat_snapshot0': { ...outStruct, struct: structs.filestatSnapshot0 },
  'out.prestat': { ...outStruct, struct: structs.prestat },
  /** The count is a later parameter. */
  'out.events': { wasm: one, direction: 'out', form: 'array', struct: structs.event },
  'out.epoll_events': { wasm: pair, direction: 'out', form: 'array', struct: structs.epollEvent },
  'out.option_timestamp': { ...outStruct, struct: structs.optionTimestamp },
  'out.stack_snapshot': { ...outStruct, struct: structs.stackSnapshot },
  'out.join_status': { ...outStruct, struct: structs.joinStatus },
  'out.process_handles': { ...outStruct, struct: structs.processHandles },
  /** The count comes from `proc_signals_sizes_get`. */
  'out.signal_dispositions': {
    wasm: one,
    direction: 'out',
    form: 'array',
    struct: structs.signalDisposition,
  },
  'out.addr_port': { ...outStruct, struct: structs.addrPort },
  'out.addr_ips': { wasm: pair, direction: 'out', form: 'array', struct: structs.addrIp },
  /** The count is an in-out parameter after it. */
  'out.cidrs': { wasm: one, direction: 'out', form: 'array', struct: structs.cidr },
  'out.routes': { wasm: one, direction: 'out', form: 'array', struct: structs.route },
  'out.hardware_address': { ...outStruct, struct: structs.hardwareAddress },
  'out.tty': { ...outStruct, struct: structs.tty },
  'out.reflection': { ...outStruct, struct: structs.reflection },
  'inout.option_pid': { wasm: one, direction: 'inout', form: 'struct', struct: structs.optionPid },
} as const satisfies Record<string, ParamTypeDescription>;

/** Every parameter type, by the name that call descriptions use. */
export const paramTypes = { ...numbers, ...named, ...inputs, ...outputs, ...outputStructs };

/** Name of a parameter type. */
export type ParamType = keyof typeof paramTypes;

/** The description of a parameter type, at its general type. */
export function paramType(type: ParamType): ParamTypeDescription {
  return paramTypes[type];
}
