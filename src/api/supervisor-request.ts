/** From what a caller gives to what can be sent to its supervisor. */
import { fileURLToPath } from 'node:url';
import { isLoaded, type LoadedModule, type ModuleSource } from '../runtime/load.js';
import { LoadError } from '../runtime/load-error.js';
import type { RunOptions } from './options.js';
import { toUrl } from './settings.js';
import type { SentOptions, SentSource } from './supervisor-messages.js';

function refuse(option: string, problem: string): never {
  throw new LoadError(
    'bad-option',
    `${option} ${problem} with a supervisor`,
    'it works on another thread than the caller, and gets data alone',
  );
}

/** Refuses what belongs to the caller's thread. Throws LoadError. */
export function sendableOptions(options: RunOptions): SentOptions {
  const { pool, imports, signal, onNotice, supervisor, threadImports, env, ...rest } = options;
  if (supervisor !== undefined && supervisor !== 'worker') {
    throw new LoadError('bad-option', `supervisor must be 'worker', not ${String(supervisor)}`);
  }
  if (pool !== undefined) refuse('pool', 'cannot be given');
  if (imports !== undefined) refuse('imports', 'cannot be given');
  if (isStream(rest.stdin)) refuse('stdin', 'cannot be a stream');
  if (isStream(rest.stdout)) refuse('stdout', 'cannot be a stream');
  if (isStream(rest.stderr)) refuse('stderr', 'cannot be a stream');
  if (rest.trace !== undefined && rest.trace !== 'stderr') refuse('trace', "can only be 'stderr'");
  return {
    ...rest,
    // Node's `process.env` is not data.
    ...(env && { env: { ...env } }),
    ...(threadImports !== undefined && { threadImports: toUrl(threadImports) }),
  };
}

function isStream(setting: unknown): boolean {
  return typeof setting === 'object' && setting !== null && 'pipe' in setting;
}

export function sendableSource(source: ModuleSource | LoadedModule): SentSource {
  if (source instanceof URL) return { source: fileURLToPath(source) };
  if (!isLoaded(source)) return { source };
  const { createMemory, ...loaded } = source;
  return { loaded };
}
