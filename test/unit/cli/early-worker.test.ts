/** Which programs have their worker boot before anything else is loaded. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { codeOfThreaded, startEarly } from '../../../src/cli/early-worker.js';
import { readModuleShape } from '../../../src/runtime/binary/module-shape.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/${name}.wasm`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'early-worker-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the look at the beginning of a module', () => {
  it.each(['programs/hello-threads', 'programs/mandelbrot', 'threads/spawn-join'])(
    'tells how much code %s has, which has threads',
    (name) => {
      const bytes = readFileSync(fixture(name));
      expect(codeOfThreaded(bytes)).toBe(readModuleShape(bytes).codeBytes);
    },
  );

  it('finds nothing in a module without threads', () => {
    expect(codeOfThreaded(readFileSync(fixture('programs/hello')))).toBeUndefined();
  });

  it('finds nothing where the module is cut off before its code, wherever that is', () => {
    const bytes = readFileSync(fixture('threads/spawn-join'));
    const { codeBytes } = readModuleShape(bytes);
    const found = Array.from({ length: bytes.length }, (_, length) =>
      codeOfThreaded(bytes.subarray(0, length)),
    );
    const first = found.findIndex((code) => code !== undefined);
    expect(first).toBeGreaterThan(8);
    expect(new Set(found.slice(first))).toEqual(new Set([codeBytes]));
  });

  it('finds nothing in what is no module', () => {
    expect(codeOfThreaded(Buffer.alloc(0))).toBeUndefined();
    expect(codeOfThreaded(Buffer.from('#!/bin/sh\necho thread-spawn\n'))).toBeUndefined();
    expect(
      codeOfThreaded(Buffer.concat([Buffer.from('\0asm\x01\0\0\0', 'latin1'), Buffer.alloc(64, 0xff)])),
    ).toBeUndefined();
  });
});

describe('no worker is started', () => {
  const nothing = (...argv: string[]) => expect(startEarly(argv, '/no/script')).toEqual({ flags: '' });

  it('without a module, or with options before it', () => {
    nothing();
    nothing('');
    nothing('--stats', fixture('programs/hello-threads'));
    nothing('inspect', fixture('programs/hello-threads'));
  });

  it('for a file that is not there, a folder, or an empty file', () => {
    nothing(join(folder, 'absent.wasm'));
    nothing(folder);
    writeFileSync(join(folder, 'empty.wasm'), '');
    nothing(join(folder, 'empty.wasm'));
  });

  it.skipIf(process.platform === 'win32')('for a FIFO, which nobody may be writing to', () => {
    const fifo = join(folder, 'fifo.wasm');
    execFileSync('mkfifo', [fifo]);
    nothing(fifo);
  });

  it('for a program without threads', () => nothing(fixture('programs/hello')));
});
