/**
 * How long a shared memory is by now, which another thread may have grown.
 *
 * V8 tells every thread that has the memory, and each takes note when it next enters a function: from then on
 * `memory.buffer` covers what was added. But a memory that was grown while it was on its way to this thread stays too
 * short here, in V8 for good. A clone of its buffer, which is the same bytes, has the length of the moment. To grow the
 * memory by nothing would tell as much, and wake every thread that has it, those that are parked too: by the square of
 * their number, where each of them does it.
 */

/** The buffer of `memory`, as long as the memory is now. */
export function wholeBuffer({ buffer }: WebAssembly.Memory): ArrayBuffer | SharedArrayBuffer {
  return buffer instanceof SharedArrayBuffer ? structuredClone(buffer) : buffer;
}

/** The buffer of `memory`, looked at once more if it has less than `length` bytes. */
export function bufferOf(memory: WebAssembly.Memory, length: number): ArrayBuffer | SharedArrayBuffer {
  return memory.buffer.byteLength < length ? wholeBuffer(memory) : memory.buffer;
}

/** Brings a memory that has just arrived in this thread up to date: instances would trap on what was added meanwhile. */
export function catchUp(memory: WebAssembly.Memory): void {
  if (memory.buffer.byteLength < wholeBuffer(memory).byteLength) memory.grow(0);
}
