/** Strings, buffers and arrays in guest memory as trace text. Reading fails with FAULT when they lie out of memory. */
import type { Layout } from '../../abi/layout.js';
import { iovec } from '../../abi/structs.js';
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import { formatStruct } from './structs.js';
import { formatList, formatPointer, MAX_BYTES, MAX_ELEMENTS, quoteBytes } from './values.js';

/** `length` bytes at `pointer`, quoted. All of them have to lie in memory, also those that are not shown. */
export function formatBytes(memory: GuestMemory, pointer: number, length: number): string {
  const start = memory.span(pointer, length);
  return quoteBytes(memory.copy(start, Math.min(length, MAX_BYTES)), length);
}

/** The text at `pointer` up to a NUL, at most `limit` bytes of it. */
export function formatTerminated(memory: GuestMemory, pointer: number, limit: number): string {
  const start = pointer >>> 0;
  let length = 0;
  while (length < limit && length <= MAX_BYTES && memory.getU8(start + length) !== 0) length++;
  return quoteBytes(memory.copy(start, Math.min(length, MAX_BYTES)), length);
}

/** `count` structs at `pointer`. */
export function formatArray(
  memory: GuestMemory,
  layout: Layout<string>,
  pointer: number,
  count: number,
): string {
  const start = memory.span(pointer, count * layout.size);
  const shown = Math.min(count, MAX_ELEMENTS);
  const elements = Array.from({ length: shown }, (_, index) => {
    const at = start + index * layout.size;
    return formatStruct(layout, memory, at) ?? formatPointer(at);
  });
  return formatList(elements, count);
}

/** `count` pointers at `pointer` to NUL-terminated strings. */
export function formatStrings(memory: GuestMemory, pointer: number, count: number): string {
  const start = memory.span(pointer, count * 4);
  const shown = Math.min(count, MAX_ELEMENTS);
  const elements = Array.from({ length: shown }, (_, index) =>
    formatTerminated(memory, memory.getU32(start + index * 4), Number.POSITIVE_INFINITY),
  );
  return formatList(elements, count);
}

/**
 * What `count` buffers hold, described by iovecs at `pointer`: at most `limit` bytes from the first on, and no buffer
 * behind those.
 */
export function formatIovecs(memory: GuestMemory, pointer: number, count: number, limit: number): string {
  const start = memory.span(pointer, count * iovec.size);
  const elements: string[] = [];
  for (let left = limit; elements.length < count && left > 0; ) {
    if (elements.length === MAX_ELEMENTS) return formatList(elements, count);
    const at = start + elements.length * iovec.size;
    const length = Math.min(memory.getU32(at + iovec.at.len), left);
    elements.push(formatBytes(memory, memory.getU32(at + iovec.at.buf), length));
    left -= length;
  }
  return formatList(elements);
}
