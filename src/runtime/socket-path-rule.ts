/**
 * Grants of socket files, `unix:PATH`: to connect to the one at that path of the program's own tree, or to any in the folder
 * of that name. Sockets that the program's processes have made need no grant.
 */
import { posix } from 'node:path';
import { LoadError } from './load-error.js';

export const UNIX_SCHEME = 'unix:';

/** The canonical path of a rule. Throws LoadError. */
export function parseSocketPath(text: string): string {
  const path = text.slice(UNIX_SCHEME.length);
  if (path.startsWith('/')) return posix.resolve(path);
  throw new LoadError(
    'bad-option',
    `"${text}": no absolute path of the program's tree`,
    'such as unix:/run/app.sock, or unix:/run for all in it',
  );
}

/** Whether `path`, a canonical one, is the path of the rule or beneath it. */
export function coversPath(rule: string, path: string): boolean {
  return path === rule || path.startsWith(rule === '/' ? rule : `${rule}/`);
}
