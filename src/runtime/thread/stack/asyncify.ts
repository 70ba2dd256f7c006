/**
 * The asyncify protocol (ABI §5.1): a program rewritten so that all its frames can be written to memory and read back.
 * The unused part of the thread's stack, from its lower end up to the stack pointer, takes them, after a header of two
 * words: where the next frame goes, and where the room ends.
 */
import type { GuestMemory } from '../../../kernel/memory/guest-memory.js';
import type { StackBounds } from '../../../kernel/threads/stack-switch.js';

/** Exports of a program built with asyncify. */
interface AsyncifyExports {
  asyncify_start_unwind(header: number): void;
  asyncify_stop_unwind(): void;
  asyncify_start_rewind(header: number): void;
  asyncify_stop_rewind(): void;
}

const NAMES = [
  'asyncify_start_unwind',
  'asyncify_stop_unwind',
  'asyncify_start_rewind',
  'asyncify_stop_rewind',
] as const satisfies (keyof AsyncifyExports)[];

const HEADER = { CURRENT: 0, END: 4, SIZE: 8 } as const;

const ADVICE = 'link with a larger stack (-z stack-size)';

/** The frames of a stack do not fit into what is left of it. */
export class FramesDoNotFit extends Error {}

/** Unwinding and rewinding of one instance. */
export class Asyncify {
  readonly bounds: StackBounds;
  readonly #memory: GuestMemory;
  readonly #exports: AsyncifyExports;
  readonly #stackPointer: WebAssembly.Global;

  private constructor(
    exports: AsyncifyExports,
    stackPointer: WebAssembly.Global,
    memory: GuestMemory,
    bounds: StackBounds,
  ) {
    this.#exports = exports;
    this.#stackPointer = stackPointer;
    this.#memory = memory;
    this.bounds = bounds;
  }

  /** The protocol over an instance's exports; undefined when they lack a part of it. */
  static over(exports: WebAssembly.Exports, memory: GuestMemory, bounds: StackBounds): Asyncify | undefined {
    const { __stack_pointer: stackPointer } = exports;
    if (!(stackPointer instanceof WebAssembly.Global)) return undefined;
    if (NAMES.some((name) => typeof exports[name] !== 'function')) return undefined;
    return new Asyncify(exports as unknown as AsyncifyExports, stackPointer, memory, bounds);
  }

  get stackPointer(): number {
    return (this.#stackPointer.value as number) >>> 0;
  }

  /** Begins to unwind: once the current host call returns, the guest leaves frame by frame. */
  startUnwind(): void {
    const { lower, upper } = this.bounds;
    const end = this.stackPointer;
    if (end < lower + HEADER.SIZE || end > upper || !this.#memory.holds(lower, end - lower)) {
      throw new FramesDoNotFit(
        `the stack pointer ${hex(end)} is not in the stack, which is from ${hex(lower)} to ${hex(upper)}`,
      );
    }
    this.#memory.setU32(lower + HEADER.CURRENT, lower + HEADER.SIZE);
    this.#memory.setU32(lower + HEADER.END, end);
    this.#exports.asyncify_start_unwind(lower);
  }

  /** Ends the unwinding once the guest has been left; answers the frames. */
  stopUnwind(): Uint8Array {
    const start = this.bounds.lower + HEADER.SIZE;
    const current = this.#memory.getU32(this.bounds.lower + HEADER.CURRENT);
    const end = this.#memory.getU32(this.bounds.lower + HEADER.END);
    // Asyncify looks whether they fit only now, when they have overwritten what is beyond.
    if (current > end) throw framesDoNotFit(current - start, end - start);
    this.#exports.asyncify_stop_unwind();
    return this.#memory.copy(start, current - start);
  }

  /** The guest trapped while it unwound: its frames reached the end of memory. */
  overran(): never {
    const { lower } = this.bounds;
    const room = this.#memory.getU32(lower + HEADER.END) - lower - HEADER.SIZE;
    throw new FramesDoNotFit(
      `leaving the stack takes more than the ${room} bytes of it that are unused, ${ADVICE}`,
    );
  }

  /** Begins to rewind `frames`: the next call of the entry they began with goes down to where they were left. */
  startRewind(frames: Uint8Array): void {
    const { lower, upper } = this.bounds;
    const start = lower + HEADER.SIZE;
    if (start + frames.length > upper) throw framesDoNotFit(frames.length, upper - start);
    this.#memory.write(start, frames);
    this.#memory.setU32(lower + HEADER.CURRENT, start + frames.length);
    this.#memory.setU32(lower + HEADER.END, upper);
    this.#exports.asyncify_start_rewind(lower);
  }

  /** Ends the rewinding, in the call that the stack was left by. */
  stopRewind(): void {
    this.#exports.asyncify_stop_rewind();
  }
}

function framesDoNotFit(needed: number, room: number): FramesDoNotFit {
  return new FramesDoNotFit(
    `leaving the stack takes ${needed} bytes for its frames, and ${room} bytes of it are unused; ${ADVICE}`,
  );
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
