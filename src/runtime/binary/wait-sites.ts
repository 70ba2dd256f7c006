import { nextBody } from './code-section.js';
import { prefixed, visitFunctionBody } from './instructions.js';
import type { ByteCursor } from './reader.js';

/** The opcodes of `memory.atomic.wait32` and `memory.atomic.wait64`. */
export const wait32 = prefixed(0xfe, 1);
export const wait64 = prefixed(0xfe, 2);

/** One atomic wait in the code: `bytes[start, end)` is the instruction. */
export interface WaitSite {
  readonly start: number;
  readonly end: number;
  readonly opcode: number;
  /** Added to the address operand, in bytes. */
  readonly offset: number;
  /** Index of the memory. */
  readonly memory: number;
}

/**
 * Finds every atomic wait in a code section. Only the bodies in which the bytes of one occur are decoded, so that
 * the time is that of a search for a byte.
 *
 * @param code A cursor at the beginning of the code section.
 * @returns undefined when a body that may hold a wait cannot be decoded.
 */
export function findWaitSites(code: ByteCursor): WaitSite[] | undefined {
  const candidates = findCandidates(code);
  const sites: WaitSite[] = [];
  let next = 0;
  for (let left = code.count(); left > 0 && next < candidates.length; left--) {
    const body = nextBody(code);
    if (candidates[next]! >= body.end) continue;
    while (next < candidates.length && candidates[next]! < body.end) next++;
    const decoded = visitFunctionBody(code.bytes, body, ({ opcode, start, end, offset, memory }) => {
      if (opcode === wait32 || opcode === wait64) sites.push({ start, end, opcode, offset, memory });
    });
    if (!decoded) return undefined;
  }
  return sites;
}

const atomicPrefix = 0xfe;

/** Positions, in order, at which the bytes could be an atomic wait. */
function findCandidates({ bytes, position, end }: ByteCursor): number[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset + position, end - position);
  const candidates: number[] = [];
  for (let at = buffer.indexOf(atomicPrefix); at >= 0; at = buffer.indexOf(atomicPrefix, at + 1)) {
    if (mayBeWait(buffer[at + 1] ?? 0, buffer[at + 2] ?? 0)) candidates.push(position + at);
  }
  return candidates;
}

/** Judges an opcode by the two bytes after the prefix. */
function mayBeWait(code: number, after: number): boolean {
  const low = code & 0x7f;
  if (low !== 1 && low !== 2) return false;
  // Valid code gives an atomic access exactly its own alignment; bit 6 says that a memory index follows.
  if (code === low) return (after & 0x3f) === low + 1;
  // The opcode as a number of more bytes than it needs: no tool writes that, but it is valid.
  return (after & 0x7f) === 0;
}
