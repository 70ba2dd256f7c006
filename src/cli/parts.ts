/**
 * The parts of the CLI that a plain run of a module without threads does not need. Each is a bundle of its own beside
 * the CLI's (scripts/build.mjs), loaded when it is called for: less code to read is what starts a program sooner.
 */
import { fileURLToPath } from 'node:url';
import { loadBundle } from '../boot/load-bundle.js';
import { chosenFlags } from '../runtime/compiler-flags.js';

function load<T>(name: string): T {
  return loadBundle(fileURLToPath(new URL(name, import.meta.url)), require, chosenFlags()) as T;
}

/** Running on workers. */
export const pooledPart = (): typeof import('../api/run.js') => load('./cli-pooled.cjs');

/** Parsing options. */
export const parserPart = (): typeof import('./parser.js') => load('./cli-parser.cjs');

/** `wasix-run inspect`. */
export const inspectPart = (): typeof import('./inspect.js') => load('./cli-inspect.cjs');
