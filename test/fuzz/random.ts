/** Pseudo-random numbers from a seed: the same seed gives the same choices. */
export class Random {
  #state: number;

  /** @param seed any integer; its low 32 bits count */
  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x5bd1_e995, 0x9e37_79b1) >>> 0;
  }

  /** A whole number of 32 bits (the algorithm is mulberry32, which is in the public domain). */
  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * limit);
  }

  /** True `percent` times in a hundred; fractions count. */
  chance(percent: number): boolean {
    return this.next() < (percent / 100) * 0x1_0000_0000;
  }

  /** One of `values`. */
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** A whole number of 64 bits. */
  next64(): bigint {
    return (BigInt(this.next()) << 32n) | BigInt(this.next());
  }
}
