/** Programs from files, for `exec` and `spawn`: read, checked and compiled once for each worker. */
import { fstatSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadBundle, saveCodeCaches } from '../../boot/load-bundle.js';
import { inheritedFlags } from '../compiler-flags.js';
import type { LoadedModule } from '../load.js';
import { LoadError } from '../load-error.js';

/** The loader is a bundle of its own (scripts/build.mjs): workers that load no programs boot without it. */
function loader(): typeof import('../load.js') {
  const bundle = fileURLToPath(new URL('./loader.cjs', import.meta.url));
  return loadBundle(bundle, require, inheritedFlags()) as typeof import('../load.js');
}

/** Programs that this worker has loaded, by the identity of their files; the most recent last. */
const loaded = new Map<string, LoadedModule>();
const MOST_LOADED = 16;

/** How a module begins, and what V8 takes at most. A guest can make a file of any size in no time. */
const MAGIC = [0, 0x61, 0x73, 0x6d];
const MOST_BYTES = 2 ** 30;
const HEAD_BYTES = 4096;

/** Loads the program in an open file; throws LoadError. `path` is what messages call it. */
export function loadFile(hostFd: number, path: string): LoadedModule {
  const { dev, ino, size, mtimeNs, ctimeNs } = fstatSync(hostFd, { bigint: true });
  const identity = [dev, ino, size, mtimeNs, ctimeNs].join(':');
  const known = loaded.get(identity);
  loaded.delete(identity);
  const module = known ?? loadProgram(path, readModule(hostFd, path, Number(size)));
  loaded.set(identity, module);
  if (loaded.size > MOST_LOADED) loaded.delete(loaded.keys().next().value!);
  return module;
}

function loadProgram(path: string, bytes: Uint8Array): LoadedModule {
  const { loadNamed, checkEntry } = loader();
  const module = loadNamed(path, bytes);
  checkEntry(module, undefined);
  saveCodeCaches();
  return module;
}

/** The bytes of a module; of what is none only as many as it takes to say what it is instead. */
function readModule(hostFd: number, path: string, size: number): Uint8Array {
  const head = readWhole(hostFd, Math.min(size, HEAD_BYTES));
  if (size <= HEAD_BYTES || !MAGIC.every((byte, i) => head[i] === byte)) return head;
  if (size > MOST_BYTES) throw new LoadError('not-loadable', `${path} is larger than a module can be`);
  return readWhole(hostFd, size);
}

function readWhole(hostFd: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let read = 0;
  while (read < size) {
    const count = readSync(hostFd, bytes, read, size - read, read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}
