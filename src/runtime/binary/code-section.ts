import type { ByteCursor } from './reader.js';

/** The bytes of one function body, from the declarations of its locals to its `end`. */
export interface BodyBounds {
  readonly start: number;
  readonly end: number;
}

/** Steps over one body of a code section and answers where it lies. */
export function nextBody(cursor: ByteCursor): BodyBounds {
  const size = cursor.u32();
  const start = cursor.position;
  cursor.skip(size);
  return { start, end: start + size };
}
