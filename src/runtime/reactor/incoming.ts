/**
 * Where the next bytes of a connection are to be read to, as the reactor decides it each time (kernel/sockets/rings.ts).
 * Much at once goes into the ring without a copy; little is copied from a block that all connections share, so that the
 * ring can begin at its start each time. When the ring is full the reactor stops reading (STALLED).
 */
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { REACTOR_OWNER } from '../../kernel/memory/lock.js';
import { RING_BYTES, room } from '../../kernel/pipes/pipe.js';
import { back, fill, filled } from '../../kernel/sockets/rings.js';

/** With less room than this the reactor does not read. */
export const LEAST_ROOM = 4096;

/** A read of so much is likely to be followed by more. */
const MUCH = 16_384;

/** Bytes on their way from the system into a ring: never for longer than one event. */
const block = new Uint8Array(RING_BYTES);

/** The first 64, 32, 16, 8 and 4 KiB of it, made once. */
const beginnings = [0, 1, 2, 3, 4].map((halved) => block.subarray(0, RING_BYTES >> halved));

/** Where bytes go that nobody wants. */
export const discarded = (): Uint8Array => block;

export class Incoming {
  readonly #kernel: KernelMemory;
  readonly #ring: number;
  /** Whether the next bytes go into the ring itself. */
  #direct = false;
  #room = RING_BYTES;

  constructor(kernel: KernelMemory, ring: number) {
    this.#kernel = kernel;
    this.#ring = ring;
  }

  /** Takes `count` bytes that have been read to where `buffer` said; false when there is no room for more now. */
  take(count: number): boolean {
    if (this.#direct) filled(this.#kernel, this.#ring, count);
    else fill(this.#kernel, this.#ring, block, count, REACTOR_OWNER);
    this.#direct = count >= MUCH;
    this.#room = room(this.#kernel, this.#ring);
    return this.#room >= LEAST_ROOM;
  }

  /** Where to read to next: no more than there is room for, or will be when the reactor reads again. */
  buffer(): Uint8Array {
    if (this.#direct && this.#room >= LEAST_ROOM) {
      const free = back(this.#kernel, this.#ring);
      if (free.length >= MUCH) return free;
    }
    this.#direct = false;
    return beginnings.find((it) => it.length <= this.#room) ?? beginnings.at(-1)!;
  }
}
