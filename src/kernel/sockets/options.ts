/** Options of sockets (ABI §6.3): remembered in the record; those that the host can set are set by the reactor. */
import { Errno } from '../../abi/errno.js';
import { AddressFamily, SocketOption, SocketType } from '../../abi/socket.js';
import { fail } from '../failure.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { SOCKET, SocketState, stateOf, takeError } from './socket.js';

const bitOf = (option: number): number => 1 << option;

/** Flags that every socket keeps; those of them that mean something to the host are set by the reactor. */
const KEPT_FLAGS: ReadonlySet<number> = new Set([
  SocketOption.REUSE_PORT,
  SocketOption.REUSE_ADDR,
  SocketOption.NO_DELAY,
  SocketOption.ONLY_V6,
  SocketOption.BROADCAST,
  SocketOption.KEEP_ALIVE,
]);

/** Flags of datagram sockets, and on unless they are cleared: their bits are kept the other way round. */
const LOOP_FLAGS: ReadonlySet<number> = new Set([
  SocketOption.MULTICAST_LOOP_V4,
  SocketOption.MULTICAST_LOOP_V6,
]);

/** Flags that Node has no means to set: they stay off. */
const FIXED_FLAGS: ReadonlySet<number> = new Set([
  SocketOption.DONT_ROUTE,
  SocketOption.PROMISCUOUS,
  SocketOption.OOB_INLINE,
]);

function isFixed({ words }: KernelMemory, socket: number, option: number): boolean {
  const isStream = words[socket + SOCKET.TYPE] !== SocketType.DGRAM;
  return FIXED_FLAGS.has(option) || (isStream && LOOP_FLAGS.has(option));
}

const TIMES: readonly number[] = [
  SocketOption.LINGER,
  SocketOption.RECV_TIMEOUT,
  SocketOption.SEND_TIMEOUT,
  SocketOption.CONNECT_TIMEOUT,
  SocketOption.ACCEPT_TIMEOUT,
];

/** Sizes that can be set: hints, of which the host makes what it likes. */
const HINTS: readonly number[] = [SocketOption.RECV_BUF_SIZE, SocketOption.SEND_BUF_SIZE];

/** Sizes of datagram sockets, and the least of each. A packet's count of hops is a byte. */
const HOPS: ReadonlyMap<number, bigint> = new Map([
  [SocketOption.TTL, 1n],
  [SocketOption.MULTICAST_TTL_V4, 0n],
]);

const MOST_HOPS = 255n;

const VALUES = [...TIMES, ...HINTS, ...HOPS.keys()];

const DEFAULT_BUFFER = 65_536n;
/** What packets start with on the systems that Node runs on. */
const DEFAULT_TTL = 64n;
const DEFAULT_MULTICAST_TTL = 1n;

/** `reusePort` of Node's servers; older versions have no such option. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const HAS_REUSE_PORT = major > 23 || (major === 23 && minor >= 1);

/** The flag as the guest has set it. */
export function flagOf({ words }: KernelMemory, socket: number, option: number): boolean {
  const isSet = (Atomics.load(words, socket + SOCKET.FLAGS) & bitOf(option)) !== 0;
  return isSet !== LOOP_FLAGS.has(option);
}

/** Sets a flag. INVAL for what is none or comes too late, NOTSUP for what Node cannot set. */
export function setFlag(kernel: KernelMemory, socket: number, option: number, on: boolean): void {
  const { words } = kernel;
  if (isFixed(kernel, socket, option)) return on ? fail(Errno.NOTSUP) : undefined;
  if (!KEPT_FLAGS.has(option) && !LOOP_FLAGS.has(option)) fail(Errno.INVAL);
  if (option === SocketOption.ONLY_V6) requireFreshV6(kernel, socket);
  if (option === SocketOption.REUSE_PORT && on && !HAS_REUSE_PORT) fail(Errno.NOTSUP);
  const word = socket + SOCKET.FLAGS;
  if (on !== LOOP_FLAGS.has(option)) Atomics.or(words, word, bitOf(option));
  else Atomics.and(words, word, ~bitOf(option));
  Atomics.store(words, socket + SOCKET.CHANGED, 1);
}

function requireFreshV6(kernel: KernelMemory, socket: number): void {
  const isV6 = kernel.words[socket + SOCKET.FAMILY] === AddressFamily.INET6;
  if (!isV6 || stateOf(kernel, socket) !== SocketState.FRESH) fail(Errno.INVAL);
}

export function getFlag(kernel: KernelMemory, socket: number, option: number): boolean {
  if (option === SocketOption.LISTENING) return stateOf(kernel, socket) === SocketState.LISTENER;
  if (isFixed(kernel, socket, option)) return false;
  const isKept = KEPT_FLAGS.has(option) || LOOP_FLAGS.has(option);
  return isKept ? flagOf(kernel, socket, option) : fail(Errno.INVAL);
}

function valueWord(socket: number, option: number): number {
  return socket + SOCKET.VALUES + 2 * VALUES.indexOf(option);
}

function storeValue(
  { words }: KernelMemory,
  socket: number,
  option: number,
  value: bigint | undefined,
): void {
  const word = valueWord(socket, option);
  Atomics.store(words, word, Number(BigInt.asIntN(32, value ?? 0n)));
  Atomics.store(words, word + 1, Number(BigInt.asIntN(32, (value ?? 0n) >> 32n)));
  if (value === undefined) Atomics.and(words, socket + SOCKET.SET, ~bitOf(option));
  else Atomics.or(words, socket + SOCKET.SET, bitOf(option));
}

function loadValue({ words }: KernelMemory, socket: number, option: number): bigint | undefined {
  if ((Atomics.load(words, socket + SOCKET.SET) & bitOf(option)) === 0) return undefined;
  const word = valueWord(socket, option);
  return (BigInt(Atomics.load(words, word + 1) >>> 0) << 32n) | BigInt(Atomics.load(words, word) >>> 0);
}

/** Sets a time-out, or how long a close lingers, in nanoseconds; undefined for none. */
export function setTime(
  kernel: KernelMemory,
  socket: number,
  option: number,
  value: bigint | undefined,
): void {
  if (!TIMES.includes(option)) fail(Errno.INVAL);
  storeValue(kernel, socket, option, value);
}

export function getTime(kernel: KernelMemory, socket: number, option: number): bigint | undefined {
  return TIMES.includes(option) ? loadValue(kernel, socket, option) : fail(Errno.INVAL);
}

/** Sets a size. Node cannot set the TTL of TCP packets: NOTSUP. */
export function setSize(kernel: KernelMemory, socket: number, option: number, value: bigint): void {
  const least = HOPS.get(option);
  if (least !== undefined) requireHops(kernel, socket, option, value, least);
  else if (!HINTS.includes(option)) fail(Errno.INVAL);
  storeValue(kernel, socket, option, value);
}

function requireHops(
  { words }: KernelMemory,
  socket: number,
  option: number,
  value: bigint,
  least: bigint,
): void {
  const isStream = words[socket + SOCKET.TYPE] !== SocketType.DGRAM;
  if (isStream) fail(option === SocketOption.TTL ? Errno.NOTSUP : Errno.INVAL);
  if (value < least || value > MOST_HOPS) fail(Errno.INVAL);
}

/** A size that the guest has set; undefined when it has not. */
export function sizeOf(kernel: KernelMemory, socket: number, option: number): number | undefined {
  const value = loadValue(kernel, socket, option);
  return value === undefined ? undefined : Number(value);
}

export function getSize(kernel: KernelMemory, socket: number, option: number): bigint {
  const { words } = kernel;
  switch (option) {
    case SocketOption.RECV_BUF_SIZE:
    case SocketOption.SEND_BUF_SIZE:
      return loadValue(kernel, socket, option) ?? DEFAULT_BUFFER;
    case SocketOption.TTL:
      return loadValue(kernel, socket, option) ?? DEFAULT_TTL;
    case SocketOption.MULTICAST_TTL_V4:
      if (words[socket + SOCKET.TYPE] !== SocketType.DGRAM) return fail(Errno.INVAL);
      return loadValue(kernel, socket, option) ?? DEFAULT_MULTICAST_TTL;
    case SocketOption.TYPE:
      return BigInt(words[socket + SOCKET.TYPE]!);
    case SocketOption.PROTO:
      return BigInt(words[socket + SOCKET.PROTOCOL]!);
    case SocketOption.LAST_ERROR:
      return BigInt(takeError(kernel, socket));
    default:
      return fail(Errno.INVAL);
  }
}

/** A time-out in milliseconds; Infinity for none, which 0 says too (POSIX). */
export function timeoutOf(kernel: KernelMemory, socket: number, option: number): number {
  const value = loadValue(kernel, socket, option) ?? 0n;
  return value === 0n ? Number.POSITIVE_INFINITY : Number(value) / 1e6;
}

/** Whether closing resets the connection: the guest has asked for a linger of no time. */
export function resetsOnClose(kernel: KernelMemory, socket: number): boolean {
  return loadValue(kernel, socket, SocketOption.LINGER) === 0n;
}

/** Gives an accepted socket the flags of its listener. */
export function inheritOptions({ words }: KernelMemory, socket: number, listener: number): void {
  words[socket + SOCKET.FLAGS] = Atomics.load(words, listener + SOCKET.FLAGS);
}
