import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModuleError } from '../../../../src/runtime/binary/module-error.js';
import { ByteCursor, openSection, readSections, sectionId } from '../../../../src/runtime/binary/reader.js';
import { encodedModule, encodedSection, signed, unsigned } from '../../../../src/runtime/binary/writer.js';

function cursorOver(bytes: readonly number[]): ByteCursor {
  return new ByteCursor(Uint8Array.from(bytes), 0, bytes.length, 'a test');
}

describe('reading numbers', () => {
  it('reads every unsigned 32-bit number that was written, however many bytes it was given', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.integer({ min: 1, max: 5 }),
        (value, length) => {
          const bytes = unsigned(value, length);
          const cursor = cursorOver(bytes);
          expect(cursor.u32()).toBe(value);
          expect(cursor.done).toBe(true);
          expect(bytes.length).toBeGreaterThanOrEqual(length);
        },
      ),
    );
  });

  it('reads every number up to 2^53 as a 64-bit number', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(cursorOver(unsigned(value)).u64()).toBe(value);
      }),
    );
  });

  it('writes signed numbers as the format wants them', () => {
    expect(signed(0)).toEqual([0]);
    expect(signed(63)).toEqual([63]);
    expect(signed(64)).toEqual([0xc0, 0]);
    expect(signed(-1)).toEqual([0x7f]);
    expect(signed(-64)).toEqual([0x40]);
    expect(signed(-65)).toEqual([0xbf, 0x7f]);
    expect(signed(0xffff_ffff)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
  });

  it('refuses numbers that do not fit', () => {
    expect(() => cursorOver([0xff, 0xff, 0xff, 0xff, 0x10]).u32()).toThrow(ModuleError);
    expect(() => cursorOver([0x80, 0x80, 0x80, 0x80, 0x80, 0]).u32()).toThrow(ModuleError);
    expect(() => cursorOver([...Array(9).fill(0x80), 2]).u64()).toThrow(ModuleError);
    expect(() => cursorOver([...Array(5).fill(0x80), 0]).skipLeb(5)).toThrow(ModuleError);
  });

  it('says that the module ends too early', () => {
    expect(() => cursorOver([0x80]).u32()).toThrow(expect.objectContaining({ code: 'truncated' }));
    expect(() => cursorOver([3, 0x61]).name()).toThrow('ends in the middle of a test');
  });

  it('refuses a name that is not UTF-8, and a count beyond the bytes there are', () => {
    expect(() => cursorOver([1, 0xff]).name()).toThrow(expect.objectContaining({ code: 'malformed' }));
    expect(() => cursorOver([3, 0, 0]).count()).toThrow(expect.objectContaining({ code: 'malformed' }));
  });
});

describe('reading sections', () => {
  it('lists them in file order with their contents', () => {
    const bytes = encodedModule([encodedSection(0, [1, 0x61, 9]), encodedSection(1, [0])]);
    const sections = readSections(bytes);
    expect(sections.map(({ id }) => id)).toEqual([sectionId.custom, sectionId.type]);
    expect(openSection(bytes, sections[0]!).name()).toBe('a');
    expect([...bytes.subarray(sections[1]!.start, sections[1]!.end)]).toEqual([0]);
  });

  it('refuses a section that occurs twice, but not custom sections', () => {
    const twice = [encodedSection(1, [0]), encodedSection(1, [0])];
    expect(() => readSections(encodedModule(twice))).toThrow('the type section occurs twice');
    expect(readSections(encodedModule([encodedSection(0, [0]), encodedSection(0, [0])]))).toHaveLength(2);
  });

  it('names the section a module ends in', () => {
    const bytes = encodedModule([encodedSection(7, [0, 0, 0])]);
    expect(() => readSections(bytes.subarray(0, bytes.length - 1))).toThrow(
      'in the middle of the export section',
    );
  });
});
