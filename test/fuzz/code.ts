/** Writing the code of wasm functions. */
import { signed, unsigned } from '../../src/runtime/binary/writer.js';

/** Operators that take and give what is on the stack, by the names of the text format. */
const operators = {
  end: 0x0b,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.gt_u': 0x4b,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.and': 0x71,
  'i32.or': 0x72,
} as const;

/** Accesses of a word at an address on the stack: their bytes and alignment. */
const accesses = {
  'i32.load': [0x28, 2],
  'i32.store': [0x36, 2],
  'i64.store': [0x37, 3],
  'i32.atomic.load': [0xfe, 0x10, 2],
  'i32.atomic.store': [0xfe, 0x17, 2],
  'i32.atomic.rmw.add': [0xfe, 0x1e, 2],
  'i32.atomic.rmw.xchg': [0xfe, 0x41, 2],
  'memory.atomic.wait32': [0xfe, 0x01, 2],
} as const;

const EMPTY = 0x40;

/** A function body in the making. */
export class Code {
  readonly #bytes: number[] = [];

  #add(...bytes: readonly number[]): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  op(...names: readonly (keyof typeof operators)[]): this {
    return this.#add(...names.map((name) => operators[name]));
  }

  i32(value: number): this {
    return this.#add(0x41, ...signed(value | 0));
  }

  i64(value: bigint): this {
    this.#bytes.push(0x42);
    for (let rest = BigInt.asIntN(64, value); ; ) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && low < 0x40) || (rest === -1n && low >= 0x40)) return this.#add(low);
      this.#bytes.push(low | 0x80);
    }
  }

  /** An access at `offset` from the address on the stack. */
  at(name: keyof typeof accesses, offset: number): this {
    return this.#add(...accesses[name], ...unsigned(offset));
  }

  call(index: number): this {
    return this.#add(0x10, ...unsigned(index));
  }

  callIndirect(type: number): this {
    return this.#add(0x11, ...unsigned(type), 0);
  }

  get(local: number): this {
    return this.#add(0x20, ...unsigned(local));
  }

  set(local: number): this {
    return this.#add(0x21, ...unsigned(local));
  }

  getGlobal(index: number): this {
    return this.#add(0x23, ...unsigned(index));
  }

  setGlobal(index: number): this {
    return this.#add(0x24, ...unsigned(index));
  }

  /** `inside`, if the number on the stack is not 0. */
  if(inside: () => void): this {
    this.#add(0x04, EMPTY);
    inside();
    return this.op('end');
  }

  /** `inside` again and again; `again` in it, at no depth of blocks, goes on. */
  loop(inside: () => void): this {
    this.#add(0x03, EMPTY);
    inside();
    return this.op('end');
  }

  again(): this {
    return this.#add(0x0c, 0);
  }

  /** Copies `length` bytes of the data segment 0 to `address`. */
  copyData(address: number, length: number): this {
    return this.i32(address).i32(0).i32(length).#add(0xfc, 8, 0, 0);
  }

  fill(address: number, byte: number, length: number): this {
    return this.i32(address).i32(byte).i32(length).#add(0xfc, 11, 0);
  }

  /** The body with its size, as the code section has it. `locals` are i32. */
  body(locals = 0): Uint8Array {
    const head = locals === 0 ? [0] : [1, ...unsigned(locals), 0x7f];
    const size = head.length + this.#bytes.length + 1;
    return Uint8Array.from([...unsigned(size), ...head, ...this.#bytes, operators.end]);
  }
}
