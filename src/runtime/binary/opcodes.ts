/*
 * What follows each opcode in the binary format, one letter for each immediate:
 *
 *   u  unsigned LEB128 (an index, a label, a count)     s  signed LEB128 of up to 64 bits
 *   b  block type      h  heap type     m  memory argument     v  vector of value types
 *   l  vector of labels and a default (br_table)               c  vector of catch clauses (try_table)
 *   1, 4, 8, x  1, 4, 8, 16 bytes (lanes and flags, f32, f64, v128)
 *
 * A row is a first opcode, a last one, and the immediates of all in between. What is in no row is unknown.
 */
type Row = readonly [first: number, last: number, immediates: string];

/** Core instructions with tail calls, exceptions in both forms, and typed function references. */
const single: readonly Row[] = [
  [0x00, 0x01, ''], // unreachable, nop
  [0x02, 0x04, 'b'], // block, loop, if
  [0x05, 0x05, ''], // else
  [0x06, 0x06, 'b'], // try
  [0x07, 0x09, 'u'], // catch, throw, rethrow
  [0x0a, 0x0b, ''], // throw_ref, end
  [0x0c, 0x0d, 'u'], // br, br_if
  [0x0e, 0x0e, 'l'], // br_table
  [0x0f, 0x0f, ''], // return
  [0x10, 0x10, 'u'], // call
  [0x11, 0x11, 'uu'], // call_indirect
  [0x12, 0x12, 'u'], // return_call
  [0x13, 0x13, 'uu'], // return_call_indirect
  [0x14, 0x15, 'u'], // call_ref, return_call_ref
  [0x18, 0x18, 'u'], // delegate
  [0x19, 0x1b, ''], // catch_all, drop, select
  [0x1c, 0x1c, 'v'], // select with types
  [0x1f, 0x1f, 'bc'], // try_table
  [0x20, 0x26, 'u'], // local, global, table access
  [0x28, 0x3e, 'm'], // loads and stores
  [0x3f, 0x40, 'u'], // memory.size, memory.grow
  [0x41, 0x42, 's'], // i32.const, i64.const
  [0x43, 0x43, '4'],
  [0x44, 0x44, '8'],
  [0x45, 0xc4, ''], // comparison, arithmetic, conversion, sign extension
  [0xd0, 0xd0, 'h'], // ref.null
  [0xd1, 0xd1, ''], // ref.is_null
  [0xd2, 0xd2, 'u'], // ref.func
  [0xd3, 0xd4, ''], // ref.eq, ref.as_non_null
  [0xd5, 0xd6, 'u'], // br_on_null, br_on_non_null
];

const garbageCollection: readonly Row[] = [
  [0x00, 0x01, 'u'], // struct.new, struct.new_default
  [0x02, 0x05, 'uu'], // struct.get, .get_s, .get_u, .set
  [0x06, 0x07, 'u'], // array.new, array.new_default
  [0x08, 0x0a, 'uu'], // array.new_fixed, .new_data, .new_elem
  [0x0b, 0x0e, 'u'], // array.get, .get_s, .get_u, .set
  [0x0f, 0x0f, ''], // array.len
  [0x10, 0x10, 'u'], // array.fill
  [0x11, 0x13, 'uu'], // array.copy, .init_data, .init_elem
  [0x14, 0x17, 'h'], // ref.test, ref.cast
  [0x18, 0x19, '1uhh'], // br_on_cast, br_on_cast_fail
  [0x1a, 0x1e, ''], // conversions to and from externref, i31
];

const numericAndBulk: readonly Row[] = [
  [0x00, 0x07, ''], // saturating truncation
  [0x08, 0x08, 'uu'], // memory.init
  [0x09, 0x09, 'u'], // data.drop
  [0x0a, 0x0a, 'uu'], // memory.copy
  [0x0b, 0x0b, 'u'], // memory.fill
  [0x0c, 0x0c, 'uu'], // table.init
  [0x0d, 0x0d, 'u'], // elem.drop
  [0x0e, 0x0e, 'uu'], // table.copy
  [0x0f, 0x11, 'u'], // table.grow, table.size, table.fill
  [0x13, 0x16, ''], // 128-bit arithmetic
];

const vector: readonly Row[] = [
  [0x00, 0x0b, 'm'], // loads, store
  [0x0c, 0x0d, 'x'], // v128.const, i8x16.shuffle
  [0x0e, 0x14, ''],
  [0x15, 0x22, '1'], // lane access
  [0x23, 0x53, ''],
  [0x54, 0x5b, 'm1'], // loads and stores of a lane
  [0x5c, 0x5d, 'm'], // loads with zeros
  [0x5e, 0xff, ''],
  [0x100, 0x113, ''], // relaxed
];

const atomic: readonly Row[] = [
  [0x00, 0x02, 'm'], // notify, wait32, wait64
  [0x03, 0x03, '1'], // fence
  [0x10, 0x4e, 'm'],
];

function expand(rows: readonly Row[]): readonly (string | undefined)[] {
  const table: (string | undefined)[] = [];
  for (const [first, last, immediates] of rows) {
    for (let code = first; code <= last; code++) table[code] = immediates;
  }
  return table;
}

type Tables = ReadonlyMap<number, ReturnType<typeof expand>>;
let made: Tables | undefined;

/** By prefix. Made at the first look: most modules wait for nothing, and nobody reads their code. */
function makeTables(): Tables {
  return new Map([
    [0, expand(single)],
    [0xfb, expand(garbageCollection)],
    [0xfc, expand(numericAndBulk)],
    [0xfd, expand(vector)],
    [0xfe, expand(atomic)],
  ]);
}

/** The immediates of an opcode (`prefix * 0x10000 + code` when prefixed) in the letters above; undefined: unknown. */
export function immediatesOf(opcode: number): string | undefined {
  made ??= makeTables();
  return made.get(Math.floor(opcode / 0x10000))?.[opcode % 0x10000];
}
