import { describe, expect, test } from 'vitest';
import { type ParamTypeDescription, paramType, paramTypes } from '../../../src/abi/param-types.js';

const all = Object.entries<ParamTypeDescription>(paramTypes);

describe('parameter types', () => {
  test('a value of 64 bits that travels by value is an i64, everything else i32', () => {
    for (const [name, { wasm, form, bits }] of all) {
      const byValue = ['unsigned', 'signed', 'enum', 'flags'].includes(form);
      expect(wasm[0], name).toBe(byValue && bits === 64 ? 'i64' : 'i32');
    }
  });

  test('text, buffers and lists are a pointer and a length', () => {
    for (const [name, { wasm, form }] of all) {
      if (['string', 'bytes', 'iovecs', 'strings'].includes(form)) {
        expect(wasm, name).toEqual(['i32', 'i32']);
      }
    }
  });

  test('enums and flags can be named, structs and arrays have a layout, numbers a width', () => {
    for (const [name, { form, bits, values, struct }] of all) {
      expect(values !== undefined || !['enum', 'flags'].includes(form), name).toBe(true);
      expect(struct !== undefined || !['struct', 'array'].includes(form), name).toBe(true);
      expect(
        bits !== undefined || !['unsigned', 'signed', 'enum', 'flags', 'scalar'].includes(form),
        name,
      ).toBe(true);
    }
  });

  test('the direction is in the name', () => {
    for (const [name, { direction }] of all) {
      const prefix = /^(out|inout)\./.exec(name)?.[1] ?? (name === 'iovecs' ? 'out' : 'in');
      expect(direction, name).toBe(prefix);
    }
  });

  test('a type is found by its name', () => {
    expect(paramType('out.filestat')).toMatchObject({
      direction: 'out',
      form: 'struct',
      struct: { size: 64 },
    });
    expect(paramType('clockid').values).toMatchObject({ MONOTONIC: 1 });
  });
});
