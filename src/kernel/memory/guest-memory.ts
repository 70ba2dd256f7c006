import { Errno } from '../../abi/errno.js';
import { fail } from '../failure.js';
import { bufferOf } from './shared-growth.js';

/** The most bytes that one host read or write moves, as on Linux (`MAX_RW_COUNT`). */
export const MAX_TRANSFER = 0x7ffff000;

/** Longest text that is looked at: no path or list of directories is, and a copy of gigabytes cannot be had. */
const MOST_NAME = 0x10_0000;

/**
 * The guest's linear memory as the system calls see it: the one owner of views over it.
 *
 * Guest pointers are untrusted. Every access names its span first (`span`), which fails the call with FAULT
 * when the span does not lie in memory. Another thread may have grown the memory since the views were made, so an
 * access past the end of the view refreshes the view before it is refused.
 */
export class GuestMemory {
  shared = false;
  bytes: Uint8Array;
  /** 32-bit words for `Atomics`, at address / 4. */
  words: Int32Array;
  /** 64-bit words, at address / 8. */
  longs: BigUint64Array;
  #memory: WebAssembly.Memory | undefined;
  #view: DataView;

  /** @param memory undefined for a module that brings its own (`adopt`): until then every access is FAULT. */
  constructor(memory: WebAssembly.Memory | undefined) {
    this.#memory = memory;
    const buffer = memory?.buffer ?? new ArrayBuffer(0);
    this.shared = buffer instanceof SharedArrayBuffer;
    this.bytes = new Uint8Array(buffer);
    this.words = new Int32Array(buffer);
    this.longs = new BigUint64Array(buffer);
    this.#view = new DataView(buffer);
  }

  /** Takes the memory that an instance exports. */
  adopt(memory: WebAssembly.Memory): void {
    this.#memory = memory;
    this.shared = memory.buffer instanceof SharedArrayBuffer;
    this.#look(memory.buffer);
  }

  /** Checks that `length` bytes at `pointer` lie in memory and answers the unsigned pointer; else FAULT. */
  span(pointer: number, length: number): number {
    const start = pointer >>> 0;
    if (start + length > this.bytes.length) this.#reach(start + length);
    return start;
  }

  /** Whether `length` bytes at `pointer` lie in memory, as it is now. */
  holds(pointer: number, length: number): boolean {
    const end = (pointer >>> 0) + length;
    if (end > this.bytes.length) this.#refresh(end);
    return end <= this.bytes.length;
  }

  /** The views, made to cover all of the memory as it is now. */
  refreshed(): this {
    this.#refresh(Number.POSITIVE_INFINITY);
    return this;
  }

  #reach(end: number): void {
    this.#refresh(end);
    if (end > this.bytes.length) fail(Errno.FAULT);
  }

  #refresh(end: number): void {
    if (!this.#memory) return;
    const buffer = bufferOf(this.#memory, end);
    if (buffer.byteLength > this.bytes.length) this.#look(buffer);
  }

  #look(buffer: ArrayBufferLike): void {
    this.bytes = new Uint8Array(buffer);
    this.words = new Int32Array(buffer);
    this.longs = new BigUint64Array(buffer);
    this.#view = new DataView(buffer);
  }

  getU8(pointer: number): number {
    const at = this.span(pointer, 1);
    return this.bytes[at]!;
  }

  getU16(pointer: number): number {
    const at = this.span(pointer, 2);
    return this.#view.getUint16(at, true);
  }

  getU32(pointer: number): number {
    const at = this.span(pointer, 4);
    return this.#view.getUint32(at, true);
  }

  getU64(pointer: number): bigint {
    const at = this.span(pointer, 8);
    return this.#view.getBigUint64(at, true);
  }

  setU8(pointer: number, value: number): void {
    const at = this.span(pointer, 1);
    this.bytes[at] = value;
  }

  setU16(pointer: number, value: number): void {
    const at = this.span(pointer, 2);
    this.#view.setUint16(at, value, true);
  }

  setU32(pointer: number, value: number): void {
    const at = this.span(pointer, 4);
    this.#view.setUint32(at, value, true);
  }

  setU64(pointer: number, value: bigint): void {
    const at = this.span(pointer, 8);
    this.#view.setBigUint64(at, value, true);
  }

  /** Writes a 64-bit value given as two unsigned halves: no BigInt on hot paths. */
  setU64Halves(pointer: number, low: number, high: number): void {
    const at = this.span(pointer, 8);
    this.#view.setUint32(at, low, true);
    this.#view.setUint32(at + 4, high, true);
  }

  /** Sets `length` bytes at `pointer` to zero: struct padding must not leak host bytes. */
  clear(pointer: number, length: number): number {
    const at = this.span(pointer, length);
    this.bytes.fill(0, at, at + length);
    return at;
  }

  /** Copies `source` to `pointer`. */
  write(pointer: number, source: Uint8Array): void {
    const at = this.span(pointer, source.length);
    this.bytes.set(source, at);
  }

  /** A private copy of guest bytes: what is checked must not change under the checker. */
  copy(pointer: number, length: number): Uint8Array {
    const at = this.span(pointer, length >>> 0);
    return this.bytes.slice(at, at + (length >>> 0));
  }

  /** The UTF-8 string at `pointer`, a name or a path; NAMETOOLONG beyond what any can be, ILSEQ when it is not UTF-8. */
  string(pointer: number, length: number): string {
    this.span(pointer, length >>> 0);
    if (length >>> 0 > MOST_NAME) fail(Errno.NAMETOOLONG);
    return decodeUtf8(this.copy(pointer, length));
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return fail(Errno.ILSEQ);
  }
}
