/**
 * What one thread can jump back to (ABI §5.7). Guests copy their jump buffers and never say that one is done with, so
 * a checkpoint is kept as long as its key can be found: in guest memory, or in the frames of one that is kept. Keys are
 * random and begin alike, so looking for them is one search for four bytes.
 */
import type { GuestMemory } from '../../../kernel/memory/guest-memory.js';
import { fillRandom } from '../../../kernel/random.js';
import type { Checkpoint, Continuation } from '../../../kernel/threads/stack-switch.js';

/** A key: 4 bytes that all keys of the thread begin with, the checkpoint's number, 8 random bytes. */
const KEY = { TAG: 0, NUMBER: 4, SECRET: 8, SIZE: 16 } as const;

/** What a checkpoint takes beside its frames, about, in bytes. */
const OVERHEAD = 512;

/** Below this many bytes nothing is looked for. */
const MIN_LIMIT = 1 << 20;

/** Guest memory is searched when checkpoints take this part of its size. */
const MEMORY_SHARE = 16;

/** `Buffer.indexOf` takes offsets below 2 GiB: memory is searched in windows of this many bytes. */
const WINDOW = 1 << 28;

export class Checkpoints {
  readonly #memory: GuestMemory;
  readonly #tag: Uint8Array;
  #number = 0;
  readonly #points = new Map<number, Checkpoint>();
  #held = 0;
  #newestActivation = 0;
  #limit = MIN_LIMIT;

  constructor(memory: GuestMemory, inherited: readonly Checkpoint[] = []) {
    this.#memory = memory;
    const first = inherited[0];
    this.#tag = first ? first.key.slice(KEY.TAG, KEY.NUMBER) : randomBytes(KEY.NUMBER);
    for (const point of inherited) {
      const number = numberOf(point.key);
      this.#number = Math.max(this.#number, number);
      this.#add(number, point);
    }
  }

  get size(): number {
    return this.#points.size;
  }

  /** All of them, as plain data. */
  list(): readonly Checkpoint[] {
    return [...this.#points.values()];
  }

  /** Keeps a continuation; answers its key. */
  keep({ activation, frames, globals }: Continuation): Uint8Array {
    const number = ++this.#number >>> 0;
    const key = randomBytes(KEY.SIZE);
    key.set(this.#tag, KEY.TAG);
    new DataView(key.buffer).setUint32(KEY.NUMBER, number, true);
    this.#add(number, { key, activation, frames, globals });
    return key;
  }

  find(key: Uint8Array): Checkpoint | undefined {
    const point = this.#points.get(numberOf(key));
    return point && Buffer.compare(point.key, key) === 0 ? point : undefined;
  }

  /** Drops those of a call into the guest that is over. */
  dropActivation(activation: number): void {
    if (activation > this.#newestActivation) return;
    for (const [number, point] of this.#points) {
      if (point.activation === activation) this.#drop(number, point);
    }
  }

  /** Drops those that no copy of their key is left of, when there are many. The guest must be outside of all calls. */
  collect(): void {
    if (this.#held < this.#limit) return;
    const found = this.#reachable();
    for (const [number, point] of this.#points) if (!found.has(number)) this.#drop(number, point);
    this.#limit = Math.max(MIN_LIMIT, 2 * this.#held, this.#memory.bytes.length / MEMORY_SHARE);
  }

  #reachable(): ReadonlySet<number> {
    // Another thread may have grown the memory: asking for one byte more brings the view up to date.
    this.#memory.holds(0, this.#memory.bytes.length + 1);
    const found = new Set<number>();
    this.#search(this.#memory.bytes, found);
    // A set is walked in the order of insertion, and what is added meanwhile is walked too.
    for (const number of found) this.#search(this.#points.get(number)!.frames, found);
    return found;
  }

  #search(bytes: Uint8Array, found: Set<number>): void {
    for (let start = 0; start < bytes.length; start += WINDOW) {
      const length = Math.min(bytes.length - start, WINDOW + KEY.SIZE - 1);
      const window = Buffer.from(bytes.buffer, bytes.byteOffset + start, length);
      for (let at = window.indexOf(this.#tag); at >= 0; at = window.indexOf(this.#tag, at + 1)) {
        if (at + KEY.SECRET > length) break;
        const number = window.readUInt32LE(at + KEY.NUMBER);
        if (this.#points.has(number)) found.add(number);
      }
    }
  }

  #add(number: number, point: Checkpoint): void {
    this.#points.set(number, point);
    this.#newestActivation = Math.max(this.#newestActivation, point.activation);
    this.#held += point.frames.length + OVERHEAD;
  }

  #drop(number: number, point: Checkpoint): void {
    this.#points.delete(number);
    this.#held -= point.frames.length + OVERHEAD;
  }
}

function numberOf(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset).getUint32(KEY.NUMBER, true);
}

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  fillRandom(bytes, 0, length);
  return bytes;
}
