/** Which programs can run on the host's main thread (inline-run.ts). */
import { fstatSync } from 'node:fs';
import type { LoadedModule } from '../load.js';
import type { RunSettings } from '../options.js';
import { isBlocking, isPlain } from './descriptor-kind.js';

/**
 * Whether the program can run inline: a preview1 module without threads, on inherited standard streams, with nothing
 * that has to happen beside it or after a sudden end.
 */
export function canRunInline(loaded: LoadedModule, settings: RunSettings): boolean {
  const { stdin, stdout, stderr } = settings.stdio;
  if (loaded.threaded || loaded.traits.wasix || settings.timeout !== undefined || settings.importsUrl)
    return false;
  if (settings.mounts.some(({ kind }) => kind === 'tmpfs')) return false;
  // Their connections are waited for on a thread that is not the one with the sockets.
  if (settings.listeners.length > 0) return false;
  if (stdin !== 'inherit' || stdout !== 'inherit' || stderr !== 'inherit') return false;
  const polls = loaded.traits.functions.some(({ name }) => name === 'poll_oneoff');
  return process.platform === 'linux' && canUseStdioDirectly(polls);
}

/**
 * Whether a guest on the main thread can use the standard streams directly. `polls` says that the guest may ask
 * whether stdin has data, which only the event loop can tell of anything but a file.
 */
function canUseStdioDirectly(polls: boolean): boolean {
  return [0, 1, 2].every((fd) => {
    const status = fstatSync(fd);
    return isPlain(fd, status) || (isBlocking(fd) && !(polls && fd === 0));
  });
}
