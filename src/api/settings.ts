/** From the options of the API to the settings of a run, checked. */
import { writeSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseListener } from '../runtime/listener-place.js';
import type { LoadedModule } from '../runtime/load.js';
import { LoadError } from '../runtime/load-error.js';
import { layOutCommands, layOutMounts } from '../runtime/mounts.js';
import { policyOf } from '../runtime/network-policy.js';
import type { OptimizeSetting } from '../runtime/optimizing-compiler.js';
import type { RunSettings } from '../runtime/options.js';
import type { CompileOptions, RunOptions } from './options.js';

/** Default of `maxThreads`: what programs written for native threads expect to get. */
export const DEFAULT_THREADS = 1024;
/** Default of `maxProcesses`. Each process takes a worker. */
const DEFAULT_PROCESSES = 256;
const MOST_PROCESSES = 65_536;
/** What the pool's and the kernel's tables are laid out for at most. */
const MOST_THREADS = 1_000_000;
/** The longest time that a timer takes. */
const MOST_MILLISECONDS = 0x7fff_ffff;
/** Default of `maxDescriptors`. */
export const DEFAULT_DESCRIPTORS = 65_536;
/** Room for stdio and a few files; below that nothing can start. */
const LEAST_DESCRIPTORS = 8;

/** Decides all defaults. Throws LoadError for an option that has no meaning. */
export function settingsFor(loaded: LoadedModule, options: RunOptions): RunSettings {
  const grants = (options.dirs ?? []).map((grant) => (typeof grant === 'string' ? { host: grant } : grant));
  const { mounts, cwd } = layOutMounts(grants, loaded.traits.wasix, options.cwd);
  const name = options.argv0 ?? (basename(loaded.name) || 'module');
  return {
    args: [name, ...(options.args ?? [])].map(checkText),
    env: Object.entries(options.env ?? {}).map(([key, value]) => checkText(`${checkName(key)}=${value}`)),
    mounts,
    commands: layOutCommands(options.commands ?? {}),
    cwd,
    stdio: {
      stdin: options.stdin ?? 'ignore',
      stdout: options.stdout ?? 'inherit',
      stderr: options.stderr ?? 'inherit',
    },
    net: policyOf(options.net ?? false),
    listeners: (options.listeners ?? []).map(parseListener),
    maxThreads: maxThreadsOf(options),
    maxProcesses: wholeNumber('maxProcesses', options.maxProcesses ?? DEFAULT_PROCESSES, 1, MOST_PROCESSES),
    maxMemory:
      options.maxMemory === undefined ? undefined : wholeNumber('maxMemory', options.maxMemory, 65_536),
    maxDescriptors: wholeNumber(
      'maxDescriptors',
      options.maxDescriptors ?? DEFAULT_DESCRIPTORS,
      LEAST_DESCRIPTORS,
    ),
    timeout:
      options.timeout === undefined
        ? undefined
        : wholeNumber('timeout', options.timeout, 1, MOST_MILLISECONDS),
    entry: options.entry,
    optimize: optimizeOf(options),
    importsUrl: options.threadImports === undefined ? undefined : toUrl(options.threadImports),
    imports: options.imports ?? {},
    trace: options.trace,
    notice: options.onNotice ?? noticeOnStderr,
  };
}

/** A stderr that takes nothing, a full pipe or one that nobody reads, must not become an exception of the host program's. */
function noticeOnStderr(line: string): void {
  try {
    writeSync(2, `wasix-run: ${line}\n`);
  } catch {
    // There is nowhere else to say it.
  }
}

/** Throws LoadError. */
export function maxThreadsOf({ maxThreads = DEFAULT_THREADS }: RunOptions): number {
  return wholeNumber('maxThreads', maxThreads, 1, MOST_THREADS);
}

/** Throws LoadError. */
export function optimizeOf({ optimize }: CompileOptions): OptimizeSetting | undefined {
  if (optimize === undefined || optimize === 'small' || optimize === 'always') return optimize;
  throw new LoadError('bad-option', `optimize must be 'small' or 'always', not ${String(optimize)}`);
}

function wholeNumber(option: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new LoadError('bad-option', `${option} must be a whole number ${range}, not ${value}`);
}

function checkText(text: string): string {
  if (!text.includes('\0')) return text;
  throw new LoadError('bad-option', 'arguments and environment variables cannot contain NUL characters');
}

function checkName(key: string): string {
  if (key !== '' && !key.includes('=')) return key;
  throw new LoadError('bad-option', `"${key}" is no name of an environment variable`);
}

/** A path or URL of a module as a file URL. */
export function toUrl(location: string | URL): string {
  if (location instanceof URL) return location.href;
  return location.startsWith('file:') ? location : pathToFileURL(location).href;
}
