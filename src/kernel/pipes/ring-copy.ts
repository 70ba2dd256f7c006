/** Copies between the buffers of a call and the ring of a pipe: straight, each byte once, nothing allocated for short ones. */
import type { IoVectors } from '../io-vectors.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { PIPE, RING_BYTES } from './pipe.js';

const MASK = RING_BYTES - 1;

/** Up to here a loop is faster than two views and a call. */
const SHORT = 24;

/** Shared memories are copied in words of this many bytes where both sides are aligned alike, else byte by byte. */
export const COPY_WORD = 8;

/** Copies `count` bytes of `source` from `from` on to `to` in `target`. */
export function copyBytes(
  target: Uint8Array,
  to: number,
  source: Uint8Array,
  from: number,
  count: number,
): void {
  if (count > SHORT) target.set(source.subarray(from, from + count), to);
  else for (let i = 0; i < count; i++) target[to + i] = source[from + i]!;
}

/** Copies `count` bytes of `vectors`, from their byte `skip` on, behind the bytes that are in the ring. */
export function copyIn(
  kernel: KernelMemory,
  pipe: number,
  guest: Uint8Array,
  vectors: IoVectors,
  skip: number,
  count: number,
): void {
  copy(kernel, pipe, guest, vectors, skip, count, true);
}

/** Copies the first `count` bytes of the ring into `vectors`, from their byte `skip` on. */
export function copyOut(
  kernel: KernelMemory,
  pipe: number,
  guest: Uint8Array,
  vectors: IoVectors,
  skip: number,
  count: number,
): void {
  copy(kernel, pipe, guest, vectors, skip, count, false);
}

function copy(
  kernel: KernelMemory,
  pipe: number,
  guest: Uint8Array,
  vectors: IoVectors,
  skip: number,
  count: number,
  inwards: boolean,
): void {
  const { words } = kernel;
  const ring = words[pipe + PIPE.DATA]!;
  kernel.reach(ring, RING_BYTES / 4);
  const { bytes } = kernel;
  let at = words[pipe + (inwards ? PIPE.TAIL : PIPE.HEAD)]! + words[pipe + PIPE.SHIFT]!;
  let left = count;
  for (let i = 0; left > 0; i++) {
    const length = vectors.lengths[i]!;
    if (skip >= length) {
      skip -= length;
      continue;
    }
    const part = Math.min(length - skip, left);
    const start = vectors.pointers[i]! + skip;
    const first = Math.min(part, RING_BYTES - (at & MASK));
    const place = ring * 4 + (at & MASK);
    if (inwards) {
      copyBytes(bytes, place, guest, start, first);
      if (first < part) copyBytes(bytes, ring * 4, guest, start + first, part - first);
    } else {
      copyBytes(guest, start, bytes, place, first);
      if (first < part) copyBytes(guest, start + first, bytes, ring * 4, part - first);
    }
    at += part;
    left -= part;
    skip = 0;
  }
}
