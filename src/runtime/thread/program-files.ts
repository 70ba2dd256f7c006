/** Programs from files, for `exec` and `spawn`: read, checked and compiled once for each worker. */
import { fstatSync } from 'node:fs';
import { join } from 'node:path';
import { loadBundle, saveCodeCaches } from '../../boot/load-bundle.js';
import type { LoadedModule } from '../load.js';
import { readModule } from '../module-bytes.js';
import type { OptimizeSetting } from '../optimizing-compiler.js';

/** The loader is a bundle of its own (scripts/build.mjs): workers that load no programs boot without it. */
function loader(): typeof import('../load.js') {
  return loadBundle(join(__dirname, 'loader.cjs'), require) as typeof import('../load.js');
}

/** Programs that this worker has loaded, by the identity of their files and how they were compiled; the most recent last. */
const loaded = new Map<string, LoadedModule>();
const MOST_LOADED = 16;

/** Loads the program in an open file; throws LoadError. `path` is what messages call it. */
export function loadFile(hostFd: number, path: string, optimize: OptimizeSetting | undefined): LoadedModule {
  const { dev, ino, size, mtimeNs, ctimeNs } = fstatSync(hostFd, { bigint: true });
  const identity = [dev, ino, size, mtimeNs, ctimeNs, optimize].join(':');
  const known = loaded.get(identity);
  loaded.delete(identity);
  const module = known ?? loadProgram(path, readModule(hostFd, path), optimize);
  loaded.set(identity, module);
  if (loaded.size > MOST_LOADED) loaded.delete(loaded.keys().next().value!);
  return module;
}

function loadProgram(path: string, bytes: Uint8Array, optimize: OptimizeSetting | undefined): LoadedModule {
  const { loadNamed, checkEntry } = loader();
  const module = loadNamed(path, bytes, { optimize });
  checkEntry(module, undefined);
  saveCodeCaches();
  return module;
}
