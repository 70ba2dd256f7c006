import { nextBody } from './code-section.js';
import { visitFunctionBody } from './instructions.js';
import type { ByteCursor } from './reader.js';

/** Opcodes that reach outside of a function: calls in all forms, and throwing. */
const leaving = new Set([0x08, 0x09, 0x0a, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15]);

/**
 * Whether the body of the start function neither calls nor throws. What linkers generate to fill a shared memory
 * (`__wasm_init_memory`) is such a function: atomic accesses, waits and bulk copies (ABI §1.2).
 *
 * @param code A cursor at the beginning of the code section.
 * @param body Index among the functions with a body; negative for an import, which may do anything.
 */
export function startMayBeRunEarly(code: ByteCursor | undefined, body: number): boolean {
  if (!code || body < 0) return false;
  if (body >= code.count()) return false;
  for (let before = 0; before < body; before++) nextBody(code);
  let stays = true;
  const decoded = visitFunctionBody(code.bytes, nextBody(code), ({ opcode }) => {
    if (leaving.has(opcode)) stays = false;
  });
  return decoded && stays;
}
