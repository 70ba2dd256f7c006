/** Random values for the parameters of guest calls: near what a call takes, at the edges, or anything. */
import { paramType } from '../../src/abi/param-types.js';
import { Signal } from '../../src/abi/signal.js';
import type { Random } from './random.js';

/** Numbers at which something may go wrong. */
const edges = [
  ...[0, 1, 2, 3, 4, 7, 8, 16, 63, 64, 127, 128, 255, 256, 4096, 65_535, 65_536],
  ...[0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff, 0xffff_0000, 0x1000_0000],
];

const edges64 = [
  ...[0n, 1n, 2n, 8n, 4095n, 65_536n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 0x1_0000_0000n],
  ...[1n << 40n, (1n << 53n) - 1n, 1n << 53n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n],
];

export function anyNumber(random: Random): number {
  return random.chance(80) ? random.pick(edges) : random.next();
}

export function anyNumber64(random: Random): bigint {
  return random.chance(80) ? random.pick(edges64) : random.next64();
}

/** A descriptor: mostly one that may be open, at times the preopens, at times one that cannot be. */
export function descriptor(random: Random): number {
  if (random.chance(70)) return 4 + random.below(24);
  if (random.chance(60)) return random.below(8);
  return random.pick([28, 40, 60, 250, 255, 256, 300, 65_535, 0x7fff_ffff, 0xffff_ffff, 0x1_0000]);
}

/** One to close or to put another one at: the preopens are needed, so they seldom go. */
export function dispensable(random: Random): number {
  return random.chance(99) ? Math.max(6, descriptor(random)) : descriptor(random);
}

/** Signals that handlers take, and what is no signal; few that end the program for certain. */
export function signal(random: Random): number {
  if (random.chance(90)) {
    return random.pick([Signal.USR1, Signal.USR2, Signal.ALRM, Signal.CHLD, Signal.WINCH, Signal.PIPE]);
  }
  return random.chance(85) ? random.pick([0, 32, 64, 255, 256, 0xffff_ffff]) : random.below(32);
}

/** A time to wait, in nanoseconds: short but for some that are none. */
export function shortTime(random: Random): bigint {
  if (random.chance(99)) return BigInt(random.pick([0, 0, 1, 1000, 20_000, 100_000, 400_000]));
  return random.chance(93) ? 2_000_000n : anyNumber64(random);
}

/** A file offset or size: small, so that files stay so, or far beyond what there is. */
export function fileSize(random: Random): bigint {
  return random.chance(70) ? BigInt(random.below(9000)) : anyNumber64(random);
}

/** A number that `type` names, flags also together, or one near them. */
export function named(random: Random, type: Parameters<typeof paramType>[0]): bigint {
  const { form, values = {} } = paramType(type);
  const all = Object.values(values).map(BigInt);
  if (all.length === 0 || random.chance(5)) return anyNumber64(random);
  if (form === 'enum') return random.chance(90) ? random.pick(all) : random.pick(all) + 1n;
  if (random.chance(20)) return all.reduce((whole, flag) => whole | flag, 0n);
  let flags = 0n;
  for (let count = random.below(3); count > 0; count--) flags |= random.pick(all);
  return random.chance(95) ? flags : flags | (1n << BigInt(random.below(32)));
}

/** Rights: mostly all there are, so that the descriptor can be used. */
export function rights(random: Random): bigint {
  return random.chance(92) ? (1n << 45n) - 1n : random.chance(50) ? 0n : random.next64();
}
