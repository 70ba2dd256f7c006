/**
 * The parts of the CLI, bundles of their own (scripts/build.mjs), loaded when they are called for: less code to read is
 * what starts a program sooner. The two ways of running a program are the two bundles that the command can begin with
 * (entry-inline.ts, entry-pooled.ts): each holds one, and loads the other where the guess was wrong.
 */
import { join } from 'node:path';
import { loadBundle } from '../boot/load-bundle.js';

function load<T>(name: string): T {
  return loadBundle(join(__dirname, name), require) as T;
}

/** Running on the main thread. */
export type Inline = Pick<typeof import('../runtime/host/inline-run.js'), 'runInline'>;

/** Running on workers. */
export type Pooled = Pick<typeof import('../api/run.js'), 'openPool' | 'startLoaded'>;

/** The ways of running a program. */
export interface Ways {
  inline(): Inline;
  pooled(): Pooled;
}

export const inlinePart = (): Inline => load<{ inline: Inline }>('cli-inline.cjs').inline;

export const pooledPart = (): Pooled => load<{ pooled: Pooled }>('cli-pooled.cjs').pooled;

/** Parsing options. */
export const parserPart = (): typeof import('./parser.js') => load('cli-parser.cjs');

/** `wasix-run inspect`. */
export const inspectPart = (): typeof import('./inspect.js') => load('cli-inspect.cjs');
