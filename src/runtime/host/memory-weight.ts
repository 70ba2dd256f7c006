/**
 * Making the engine aware of what shared memories weigh. V8 counts a shared memory as a few bytes, so a host program
 * that runs guest after guest would hold on to their dead memories until something else makes it collect garbage.
 * Each memory is therefore tied to an array buffer of its size, which counts in full; nobody touches the buffer, so
 * the system never gives it pages.
 */
const LEAST_BYTES = 0x10_0000;
const MOST_BYTES = 0x1000_0000;

const weights = new WeakMap<WebAssembly.Memory, ArrayBuffer>();

/** Has `memory` count with its present size when the engine decides about collecting garbage. */
export function weigh(memory: WebAssembly.Memory): void {
  const bytes = Math.min(MOST_BYTES, Math.max(LEAST_BYTES, memory.buffer.byteLength));
  const known = weights.get(memory);
  if (known && known.byteLength >= bytes) return;
  weights.set(memory, new ArrayBuffer(bytes));
}
