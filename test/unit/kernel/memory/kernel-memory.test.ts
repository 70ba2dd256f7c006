import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { freeText, loadText, storeText } from '../../../../src/kernel/memory/text.js';

const OWNER = 1;

describe('KernelMemory', () => {
  it('hands out zeroed blocks that never overlap, whatever is freed in between', () => {
    const size = fc.integer({ min: 1, max: 5000 });
    const step = fc.record({ size, free: fc.nat({ max: 9 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const kernel = KernelMemory.create(100);
        const live: { at: number; size: number; mark: number }[] = [];
        steps.forEach(({ size, free }, mark) => {
          const at = kernel.allocate(size, OWNER);
          kernel.reach(at, size);
          expect(kernel.words.subarray(at, at + size).every((word) => word === 0)).toBe(true);
          kernel.words.fill(mark + 1, at, at + size);
          live.push({ at, size, mark: mark + 1 });
          const gone = live[free];
          if (gone && free % 2 === 0) {
            expect(
              kernel.words.subarray(gone.at, gone.at + gone.size).every((word) => word === gone.mark),
            ).toBe(true);
            kernel.free(gone.at, gone.size, OWNER);
            live.splice(free, 1);
          }
        });
        for (const { at, size, mark } of live) {
          expect(kernel.words.subarray(at, at + size).every((word) => word === mark)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('reuses what was freed, so that a run of any length stays as small as it began', () => {
    const kernel = KernelMemory.create(0);
    const before = kernel.memory.buffer.byteLength;
    for (let i = 0; i < 100_000; i++) freeText(kernel, storeText(kernel, `path ${i}`, OWNER), OWNER);
    expect(kernel.memory.buffer.byteLength).toBe(before);
  });

  it('keeps text of any length and script', () => {
    const kernel = KernelMemory.create(0);
    for (const text of ['', 'a', '/häuser/東京', 'x'.repeat(300_000)]) {
      expect(loadText(kernel, storeText(kernel, text, OWNER))).toBe(text);
    }
  });
});
