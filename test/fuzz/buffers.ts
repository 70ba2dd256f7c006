/** Where fuzzed calls read and write: pointers and lengths that keep clear of the guards (guest-map.ts). */
import type { CallSettings, Poke } from './calls.js';
import type { Text } from './constants.js';
import { ARENA, CONSTANTS, END_ZONE, MEMORY_END, NULL_PAGE, type Zone } from './guest-map.js';
import type { Random } from './random.js';

/** Lengths that reach out of memory from wherever they begin. */
export const tooLong = [0x1000_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];

/** Addresses that are out of memory, or so near its end that little fits. */
const outside = [
  ...[MEMORY_END, MEMORY_END - 1, MEMORY_END - 4, MEMORY_END - 7, MEMORY_END + 1, 0x1000_0000],
  ...[0x7fff_fffc, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_fffc, 0xffff_ffff],
];

/** Most buffers are short, so that a pipe is not full and a disk is not filled. */
const lengths = [0, 1, 2, 4, 7, 8, 16, 24, 64, 100, 256, 1000, 4096];

/** The buffers of one call. */
export class Buffers {
  readonly pokes: Poke[] = [];
  readonly #random: Random;
  readonly #zone: Zone;
  readonly #wild: boolean;
  #used: number;

  constructor(random: Random, { zone, wild = false }: CallSettings) {
    this.#random = random;
    this.#zone = zone;
    this.#wild = wild;
    this.#used = zone.start;
  }

  /** Has the guest store `bytes` and answers where. */
  put(bytes: Uint8Array): number {
    const size = (bytes.length + 7) & ~7;
    const address = this.#used;
    if (address + size > this.#zone.end) return this.outside();
    this.#used += size;
    const whole = new Uint8Array(size);
    whole.set(bytes);
    if (size > 0) this.pokes.push({ address, bytes: whole });
    return address;
  }

  /** An address to write `size` bytes to: in the arena, at its edges, or out of memory. */
  writable(size: number): number {
    const random = this.#random;
    if (this.#wild && random.chance(10)) return random.below(MEMORY_END);
    if (random.chance(88)) return this.#in(ARENA, size);
    if (random.chance(40)) return this.#in(NULL_PAGE, size);
    return random.chance(40) ? this.#in(END_ZONE, size) : random.pick(outside);
  }

  /** An address to read from: also constants, and structs of others. */
  readable(): number {
    const random = this.#random;
    return random.chance(50) ? this.#in(CONSTANTS, 512) : this.writable(64);
  }

  /** An address that is out of memory or all but. */
  outside(): number {
    return this.#random.pick(outside);
  }

  /** A buffer to read or to write. */
  span(): Text {
    const random = this.#random;
    const length = random.chance(96) ? random.pick(lengths) : random.pick(tooLong);
    return { pointer: this.writable(length), length };
  }

  #in({ start, end }: Zone, size: number): number {
    const random = this.#random;
    // What does not fit in there would reach a guard, unless it reaches out of memory.
    if (size > end - start && size < tooLong[0]!) return this.outside();
    const last = end - Math.min(size, end - start);
    if (random.chance(20)) return start;
    if (random.chance(10)) return last;
    const address = start + random.below(last - start + 1);
    return random.chance(70) ? address & ~7 : address;
  }
}
