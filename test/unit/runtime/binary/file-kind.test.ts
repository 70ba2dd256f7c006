import { describe, expect, it } from 'vitest';
import { checkPreamble } from '../../../../src/runtime/binary/file-kind.js';
import { ModuleError } from '../../../../src/runtime/binary/module-error.js';

function refusal(bytes: Uint8Array): ModuleError {
  try {
    checkPreamble(bytes);
  } catch (error) {
    if (error instanceof ModuleError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const text = (content: string) => new TextEncoder().encode(content);

describe('files that are no core module', () => {
  it.each([
    ['an empty file', new Uint8Array(), 'not-wasm', 'is empty'],
    [
      'a native program',
      Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0),
      'not-wasm',
      'is a native ELF program',
    ],
    ['a script', text('#!/usr/bin/env wasmer run\n'), 'not-wasm', 'is a script'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0), 'not-wasm', 'is compressed with gzip'],
    ['a wasmer package', text('\0webc003'), 'not-wasm', 'is a wasmer package (webc)'],
    ['other bytes', text('hello, world'), 'not-wasm', 'is not a WebAssembly module'],
    ['text', text('(module)'), 'text-format', 'is WebAssembly text'],
    ['text after comments', text(' (; a (b ;)\n;; c\n\t( module $m)'), 'text-format', 'is WebAssembly text'],
    [
      'a component',
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0),
      'component',
      'is a WebAssembly component',
    ],
    [
      'another version',
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0),
      'unsupported',
      'has binary version 2, layer 0',
    ],
    [
      'half a header',
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 1),
      'truncated',
      'ends in the middle of the WebAssembly header',
    ],
  ] as const)('names %s', (_, bytes, code, problem) => {
    expect(refusal(bytes)).toMatchObject({ code, problem });
  });

  it('says in one line what is wrong and what to do', () => {
    const error = refusal(Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0));
    expect(error.message).toBe(`${error.problem}; ${error.hint}`);
    expect(error.hint).toContain('wasix-run runs core modules');
    expect(error.message).not.toContain('\n');
  });

  it('is quick with a long run of unclosed comments', () => {
    const started = performance.now();
    expect(refusal(text('(;'.repeat(100_000))).code).toBe('not-wasm');
    expect(refusal(text('(;;)'.repeat(100_000))).code).toBe('not-wasm');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('accepts the header of a core module', () => {
    expect(() => checkPreamble(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).not.toThrow();
  });
});
