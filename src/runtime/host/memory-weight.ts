/**
 * Making the engine aware of what shared memories weigh. V8 counts a shared memory as a few bytes, so a host program
 * that runs guest after guest would hold on to their dead memories until something else makes it collect garbage. Now
 * and then a memory is therefore tied to an array buffer that weighs as much as all memories since the last time, and
 * counts in full. Nobody touches the buffer, and the system gives it no pages.
 */

/** Small memories cost more than their bytes. */
const LEAST_BYTES = 0x10_0000;
/** Above the most that the C library would serve from memory it has (32 MiB), and which it would have to clear. */
const STEP_BYTES = 0x280_0000;
const MOST_BYTES = 0x1000_0000;

const weights = new WeakMap<WebAssembly.Memory, ArrayBuffer>();
let unweighed = 0;

/** Has `memory`, which is garbage now, count when the engine decides about collecting. */
export function weigh(memory: WebAssembly.Memory): void {
  unweighed += Math.max(LEAST_BYTES, memory.buffer.byteLength);
  if (unweighed < STEP_BYTES) return;
  weights.set(memory, new ArrayBuffer(Math.min(unweighed, MOST_BYTES)));
  unweighed = 0;
}
