/**
 * Loads the bundles of dist/ with V8's code cache: what V8 made of a bundle when it ran before. Without it each start of
 * the command and of each worker parses and compiles hundreds of kilobytes again.
 *
 * The first process that finds no cache, or none that V8 takes, writes one when it has run (`saveCodeCaches`), so that
 * the functions it needed are in it. Caches lie beside the bundles, in the package's own folder: who can write there could
 * change the bundles as well. Where nothing can be written, or with NODE_DISABLE_COMPILE_CACHE, bundles are compiled each
 * time.
 */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

declare const __VERSION__: string;

const off = process.env.NODE_DISABLE_COMPILE_CACHE === '1';

const loaded = new Map<string, unknown>();

/** What this thread runs without a cache, by the file that its cache is to be. */
const uncached = sharedByBundles();

/** Each bundle that loads others has a copy of this module; all see the same scripts. */
function sharedByBundles(): Map<string, Script> {
  const shared = globalThis as { [key: symbol]: Map<string, Script> | undefined };
  const key = Symbol.for('wasix-run.uncached');
  shared[key] ??= new Map();
  return shared[key];
}

/** What a bundle is: the function that Node makes of a CommonJS module, made in advance (scripts/build.mjs). */
type BundleFunction = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  filename: string,
  dirname: string,
) => void;

/**
 * The exports of the bundle `file`, an absolute path, which runs once in each thread. It must not `import()`.
 * @param load what the bundle has for `require`, of parts of Node alone
 */
export function loadBundle(file: string, load: NodeJS.Require): unknown {
  if (!loaded.has(file)) loaded.set(file, runBundle(file, load));
  return loaded.get(file);
}

function runBundle(file: string, load: NodeJS.Require): unknown {
  const { source, stamp } = readBundle(file);
  const cacheFile = join(dirname(file), '.code-cache', `${stamp}.bin`);
  const cachedData = off ? undefined : readIfThere(cacheFile);
  const script = new Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) });
  if (!off && (!cachedData || script.cachedDataRejected)) uncached.set(cacheFile, script);
  const module = { exports: {} };
  const run = script.runInThisContext() as BundleFunction;
  run(module.exports, load, module, file, dirname(file));
  return module.exports;
}

/**
 * Writes the caches that this thread had to do without. To be called when it has run what it is for, and where it is
 * not terminated meanwhile, which would leave a part of a file behind.
 */
export function saveCodeCaches(): void {
  for (const [file, script] of uncached) saveCodeCache(file, script);
  uncached.clear();
}

function saveCodeCache(file: string, script: Script): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    // Two threads of a process may come to this at once.
    const fresh = `${file}.${process.pid}-${Math.random().toString(36).slice(2)}`;
    try {
      writeFileSync(fresh, script.createCachedData());
      renameSync(fresh, file);
    } finally {
      rmSync(fresh, { force: true });
    }
  } catch {
    // A package that cannot be written to, a full disk: the next start is no slower than this one.
  }
}

/** The text of a bundle, which is ASCII, and a name for this version of it in this Node. */
function readBundle(file: string): { source: string; stamp: string } {
  const descriptor = openSync(file, 'r');
  try {
    const { size, mtimeMs } = fstatSync(descriptor);
    const bytes = Buffer.allocUnsafe(size);
    const source = bytes.toString('latin1', 0, readSync(descriptor, bytes));
    const version = [__VERSION__, size, Math.trunc(mtimeMs), process.version, process.arch].join('-');
    return { source, stamp: `${basename(file, '.cjs')}-${version}` };
  } finally {
    closeSync(descriptor);
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
