import { Errno } from '../abi/errno.js';
import { fail } from './failure.js';
import { type GuestMemory, MAX_TRANSFER } from './memory/guest-memory.js';

/** Most buffers that one call moves (`IOV_MAX`); what lies behind them is left to the guest's next call. */
const MAX_VECTORS = 1024;

/**
 * The buffers of a read or write call: an array of {pointer u32, length u32} in guest memory (ABI §3.6), checked
 * and copied out, so that a guest thread that changes them meanwhile changes nothing.
 */
export class IoVectors {
  readonly pointers: number[] = [];
  readonly lengths: number[] = [];
  count = 0;
  /** Bytes in all buffers together, cut to what one call may move. */
  total = 0;
  readonly #memory: GuestMemory;
  #at = 0;
  #asked = 0;

  constructor(memory: GuestMemory) {
    this.#memory = memory;
  }

  /** Reads and checks the array at `pointer`; FAULT when it or a buffer is out of memory. */
  load(pointer: number, count: number): this {
    const memory = this.#memory;
    const asked = count >>> 0;
    const at = memory.span(pointer, asked * 8);
    this.#at = at;
    this.#asked = asked;
    this.count = 0;
    this.total = 0;
    for (let i = 0; i < asked && i < MAX_VECTORS; i++) {
      const length = memory.getU32(at + i * 8 + 4);
      const start = memory.span(memory.getU32(at + i * 8), length);
      if (length === 0) continue;
      const cut = Math.min(length, MAX_TRANSFER - this.total);
      this.pointers[this.count] = start;
      this.lengths[this.count] = cut;
      this.count++;
      this.total += cut;
      if (cut < length) break;
    }
    return this;
  }

  /** Whether there are more buffers than one call moves. */
  get isCut(): boolean {
    return this.#asked > MAX_VECTORS;
  }

  /** What `restore` takes: a signal handler may use this object while the thread waits. */
  mark(): readonly [at: number, asked: number] {
    return [this.#at, this.#asked];
  }

  /** Makes this the array of `mark` again; who goes on with it calls `reload`. */
  restore([at, asked]: readonly [at: number, asked: number]): void {
    this.#at = at;
    this.#asked = asked;
  }

  /** Reads the array again, after a wait. */
  reload(): void {
    this.load(this.#at, this.#asked);
  }

  /** Start and end address of the run of bytes that begins `offset` bytes into the buffers. */
  locate(offset: number): [start: number, end: number] {
    let left = offset;
    for (let i = 0; i < this.count; i++) {
      const length = this.lengths[i]!;
      if (left < length) return [this.pointers[i]! + left, this.pointers[i]! + length];
      left -= length;
    }
    return fail(Errno.INVAL);
  }

  /** The buffers as views, for the host's vectored calls. */
  views(): Uint8Array[] {
    const views: Uint8Array[] = [];
    for (let i = 0; i < this.count; i++) {
      const start = this.pointers[i]!;
      views.push(this.#memory.bytes.subarray(start, start + this.lengths[i]!));
    }
    return views;
  }
}
