/** Which programs have their worker boot before anything else is loaded. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { needsWorker, startEarly } from '../../../src/cli/early-worker.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/${name}.wasm`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'early-worker-'));
afterAll(() => rmSync(folder, { recursive: true }));

const OPENING = Buffer.from('\0asm\x01\0\0\0', 'latin1');

describe('the look at the beginning of a module', () => {
  it.each(['programs/hello-threads', 'programs/mandelbrot', 'threads/spawn-join'])(
    'tells that %s has threads',
    (name) => expect(needsWorker(readFileSync(fixture(name)))).toBe(true),
  );

  it('tells that a WASIX program takes a worker, with threads or without', () => {
    expect(needsWorker(readFileSync(fixture('wasix/descriptors')))).toBe(true);
  });

  it('finds none in a module without threads', () => {
    expect(needsWorker(readFileSync(fixture('programs/hello')))).toBe(false);
  });

  it('finds none where the module is cut off before its imports, wherever that is', () => {
    const bytes = readFileSync(fixture('threads/spawn-join'));
    const found = Array.from({ length: bytes.length }, (_, length) => needsWorker(bytes.subarray(0, length)));
    const first = found.indexOf(true);
    expect(first).toBeGreaterThan(OPENING.length);
    expect(new Set(found.slice(first))).toEqual(new Set([true]));
  });

  it('finds none in a module of nonsense', () => {
    expect(needsWorker(OPENING)).toBe(false);
    expect(needsWorker(Buffer.concat([OPENING, Buffer.alloc(64, 0xff)]))).toBe(false);
    expect(needsWorker(Buffer.concat([OPENING, Buffer.from('thread-spawn'.repeat(20))]))).toBe(false);
  });
});

describe('a worker is started', () => {
  const worker = async (...argv: string[]) => {
    const early = startEarly(argv, '/no/script');
    expect(early).toBeDefined();
    early!.port.close();
    early!.worker.on('error', () => undefined);
    await early!.worker.terminate();
  };

  it('for a program with threads', () => worker(fixture('programs/hello-threads'), 'inspect'));

  it('for one behind options, of which some have values that are files', () =>
    worker(
      '--stats',
      '--dir',
      folder,
      '--thread-imports',
      import.meta.filename,
      '--',
      fixture('programs/hello-threads'),
    ));
});

describe('no worker is started', () => {
  const nothing = (...argv: string[]) => expect(startEarly(argv, '/no/script')).toBeUndefined();

  it('without a module, or for an inspection', () => {
    nothing();
    nothing('');
    nothing('--version');
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

  it('for a text', () => {
    writeFileSync(join(folder, 'text.wasm'), '#!/bin/sh\necho thread-spawn\n');
    nothing(join(folder, 'text.wasm'));
  });

  it('for a program without threads, whatever its arguments are', () =>
    nothing(fixture('programs/hello'), fixture('programs/hello-threads')));
});
