/** Structs that fuzzed calls are given: such as a program would pass, with a field here and there that none would. */
import { AddressFamily } from '../../src/abi/socket.js';
import * as layouts from '../../src/abi/structs.js';
import type { Random } from './random.js';
import { anyNumber, anyNumber64, descriptor, dispensable, rights, shortTime, signal } from './values.js';

/** What a struct may need besides chance. */
export interface StructContext {
  readonly random: Random;
  /** Ports that the run may use. */
  readonly ports: readonly number[];
  /** Where a text is, and its length. */
  text(): { readonly pointer: number; readonly length: number };
}

type Build = (context: StructContext, view: DataView, at: number) => void;

const builders: Readonly<Record<string, Build>> = {
  option_timestamp: ({ random }, view) => {
    view.setUint8(0, random.pick([1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 2, 255]));
    view.setBigUint64(8, shortTime(random), true);
  },

  subscriptions: (context, view, at) => writeSubscription(context, view, at, layouts.subscription),

  subscriptions_snapshot0: (context, view, at) =>
    writeSubscription(context, view, at, layouts.subscriptionSnapshot0),

  epoll_event: ({ random }, view) => {
    const { at } = layouts.epollEvent;
    view.setUint32(at.events, random.chance(90) ? random.below(256) : random.next(), true);
    view.setUint32(at.fd, descriptor(random), true);
    view.setBigUint64(at.data2, random.next64(), true);
  },

  spawn_fd_ops: (context, view, at) => {
    const { random } = context;
    const field = layouts.spawnFdOp.at;
    const path = context.text();
    view.setUint8(at + field.cmd, random.chance(95) ? random.below(5) : random.below(256));
    view.setUint32(at + field.fd, dispensable(random), true);
    view.setUint32(at + field.srcFd, descriptor(random), true);
    view.setUint32(at + field.path, path.pointer, true);
    view.setUint32(at + field.pathLen, path.length, true);
    view.setUint16(at + field.oflags, random.below(16), true);
    view.setBigUint64(at + field.rightsBase, rights(random), true);
    view.setBigUint64(at + field.rightsInheriting, rights(random), true);
    view.setUint16(at + field.fdflags, random.below(32), true);
  },

  signal_dispositions: ({ random }, view, at) => {
    view.setUint8(at, signal(random));
    view.setUint8(at + 1, random.pick([0, 1, 1, 2]));
  },

  addr_port: ({ random, ports }, view) => {
    const { at } = layouts.addrPort;
    const family = random.pick([AddressFamily.INET4, AddressFamily.INET4, AddressFamily.INET6]);
    view.setUint8(at.family, random.chance(95) ? family : random.below(256));
    view.setUint16(at.port, random.chance(90) ? random.pick([0, ...ports]) : random.next(), true);
    if (family === AddressFamily.INET4) view.setUint32(at.octets, 0x0100_007f, true);
    else view.setUint8(at.octets + 15, 1);
    if (random.chance(10)) view.setUint32(at.octets, random.next(), true);
  },

  itimerval: ({ random }, view) => {
    const { at } = layouts.itimerval;
    view.setBigUint64(at.interval + 8, BigInt(random.below(3000)), true);
    view.setBigUint64(at.value + 8, BigInt(random.below(3000)), true);
    if (random.chance(5)) view.setBigUint64(random.pick([0, 8, 16, 24]), anyNumber64(random), true);
  },
};

/** Types whose struct is not the parameter's own: what a bare pointer of these calls names. */
export function byteSizeOf(type: string): number {
  return type === 'itimerval' ? layouts.itimerval.size : 0;
}

function writeSubscription(
  { random }: StructContext,
  view: DataView,
  start: number,
  { at }: Pick<typeof layouts.subscription, 'at'>,
): void {
  // With a clock among them, the wait ends.
  const tag =
    start === 0 && random.chance(99.5) ? 0 : random.chance(97) ? random.below(3) : random.below(256);
  view.setBigUint64(start, random.next64(), true);
  view.setUint8(start + at.tag, tag);
  if (tag !== 0) {
    view.setUint32(start + at.fd, descriptor(random), true);
    return;
  }
  view.setUint32(start + at.clockId, random.chance(95) ? random.below(2) : anyNumber(random), true);
  view.setBigUint64(start + at.timeout, shortTime(random), true);
  view.setUint16(start + at.clockFlags, random.chance(90) ? 0 : random.below(4), true);
}

/** `count` structs of a parameter type, `size` bytes each. Of a type without a builder: small numbers, or any bytes. */
export function structs(context: StructContext, type: string, size: number, count = 1): Uint8Array {
  const bytes = new Uint8Array(size * count);
  const view = new DataView(bytes.buffer);
  const { random } = context;
  const build = builders[type];
  for (let i = 0; i < count; i++) {
    if (build) build(context, view, i * size);
    else if (random.chance(50)) bytes[i * size + random.below(size)] = random.below(256);
    else for (let at = 0; at < size; at++) bytes[i * size + at] = random.below(256);
  }
  return bytes;
}
