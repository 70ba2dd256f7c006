import { GuestMemory } from '../../../../src/kernel/memory/guest-memory.js';

/** A guest memory of one page, and a way to put bytes into it. */
export function guestMemory(shared = false): GuestMemory {
  return new GuestMemory(new WebAssembly.Memory({ initial: 1, maximum: 1, shared }));
}

/** Puts text at `at` and answers its address and byte length, as guests pass strings. */
export function put(memory: GuestMemory, at: number, text: string): [pointer: number, length: number] {
  const bytes = Buffer.from(text);
  memory.write(at, bytes);
  return [at, bytes.length];
}

/** Puts a list of buffers at `at` and answers its address and count. */
export function putIovecs(
  memory: GuestMemory,
  at: number,
  buffers: readonly (readonly [pointer: number, length: number])[],
): [pointer: number, count: number] {
  buffers.forEach(([pointer, length], index) => {
    memory.setU32(at + index * 8, pointer);
    memory.setU32(at + index * 8 + 4, length);
  });
  return [at, buffers.length];
}
