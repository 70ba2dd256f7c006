import { describe, expect, it } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { Failure } from '../../../../src/kernel/failure.js';
import { GuestMemory } from '../../../../src/kernel/memory/guest-memory.js';

const PAGE = 65_536;

function errnoOf(work: () => unknown): number | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error.errno;
    throw error;
  }
  return undefined;
}

describe('GuestMemory', () => {
  it('answers FAULT for every span that leaves the memory, and never throws anything else', () => {
    const memory = new GuestMemory(new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true }));
    for (const [pointer, length] of [
      [PAGE, 1],
      [PAGE - 3, 4],
      [-1, 1],
      [0x7fff_ffff, 1],
      [0x8000_0000 | 0, 0xffff_ffff],
      [0, PAGE + 1],
    ] as const) {
      expect(errnoOf(() => memory.span(pointer, length))).toBe(Errno.FAULT);
    }
    expect(memory.span(PAGE, 0)).toBe(PAGE);
    expect(memory.span(PAGE - 4, 4)).toBe(PAGE - 4);
  });

  it('sees what was added when the memory has grown behind its back, shared or not', () => {
    for (const shared of [true, false]) {
      const raw = new WebAssembly.Memory({ initial: 1, maximum: 3, shared });
      const memory = new GuestMemory(raw);
      raw.grow(1);
      memory.setU32(PAGE + 8, 0xdead_beef);
      expect(memory.getU32(PAGE + 8)).toBe(0xdead_beef);
      expect(errnoOf(() => memory.getU8(2 * PAGE))).toBe(Errno.FAULT);
    }
  });

  it('answers FAULT for everything until a module has brought its memory', () => {
    const memory = new GuestMemory(undefined);
    expect(errnoOf(() => memory.getU8(0))).toBe(Errno.FAULT);
    memory.adopt(new WebAssembly.Memory({ initial: 1 }));
    expect(memory.getU8(0)).toBe(0);
  });

  it('reads strings as strict UTF-8: ILSEQ for anything else, NUL and byte order marks kept', () => {
    const memory = new GuestMemory(new WebAssembly.Memory({ initial: 1 }));
    memory.write(0, new Uint8Array([0xc3, 0xa4, 0xff]));
    expect(memory.string(0, 2)).toBe('ä');
    expect(errnoOf(() => memory.string(0, 3))).toBe(Errno.ILSEQ);
    memory.write(0, new TextEncoder().encode('\u{feff}a\0b'));
    expect(memory.string(0, 6)).toBe('\u{feff}a\0b');
  });
});
