/**
 * Struct layouts as data: a field list goes in, the C-aligned offsets of a wasm32 guest come out (ABI, "Legend").
 * All fields are little-endian. Padding is written as 0 and ignored on read.
 */

/** A field that is one number. */
export type Scalar = 'u8' | 'u16' | 'u32' | 'u64';

/** A field that is a run of bytes; `align` is 1 unless given. */
export interface BytesField {
  readonly bytes: number;
  readonly align?: number;
  readonly offset?: number;
}

/** A number at a given place, for unions: the next field continues after it. */
export interface PlacedField {
  readonly type: Scalar;
  readonly offset: number;
}

/** A struct inside a struct. */
export interface StructField {
  readonly struct: Layout<string>;
  readonly offset?: number;
}

/** What one field of {@link layout} may be. Fields without an offset follow the one before, aligned. */
export type Field = Scalar | BytesField | PlacedField | StructField;

/** A computed layout: sizes and offsets in bytes. */
export interface Layout<Name extends string> {
  /** Size with tail padding: the distance between the elements of an array. */
  readonly size: number;
  /** Alignment that guests keep; the host must not rely on it. */
  readonly align: number;
  /** Offset of each field from the start of the struct. */
  readonly at: Readonly<Record<Name, number>>;
}

const scalarSize: Readonly<Record<Scalar, number>> = { u8: 1, u16: 2, u32: 4, u64: 8 };

function extent(field: Field): { size: number; align: number; offset: number | undefined } {
  if (typeof field === 'string') {
    return { size: scalarSize[field], align: scalarSize[field], offset: undefined };
  }
  if ('type' in field) {
    return { size: scalarSize[field.type], align: scalarSize[field.type], offset: field.offset };
  }
  if ('bytes' in field) {
    return { size: field.bytes, align: field.align ?? 1, offset: field.offset };
  }
  return { size: field.struct.size, align: field.struct.align, offset: field.offset };
}

function alignUp(n: number, align: number): number {
  return Math.ceil(n / align) * align;
}

/**
 * Computes the layout of a struct from its fields, in order.
 *
 * An explicit offset may go back (unions); it has to keep the field's alignment.
 *
 * @throws RangeError when an explicit offset is not aligned for its field.
 * @example layout({ tag: 'u8', nameLen: 'u32' }) // { size: 8, align: 4, at: { tag: 0, nameLen: 4 } }
 */
export function layout<const F extends Readonly<Record<string, Field>>>(
  fields: F,
): Layout<Extract<keyof F, string>> {
  const at: Record<string, number> = {};
  let next = 0;
  let end = 0;
  let structAlign = 1;
  for (const [name, field] of Object.entries(fields)) {
    const { size, align, offset } = extent(field);
    const start = offset ?? alignUp(next, align);
    if (start % align !== 0) {
      throw new RangeError(`field ${name} at ${start} is not aligned to ${align}`);
    }
    at[name] = start;
    next = start + size;
    end = Math.max(end, next);
    structAlign = Math.max(structAlign, align);
  }
  return Object.freeze({ size: alignUp(end, structAlign), align: structAlign, at: Object.freeze(at) });
}
