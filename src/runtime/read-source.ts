/** Reading the bytes of a module, with an error that names what is wrong with the path. */
import { closeSync, openSync } from 'node:fs';
import { codeOf } from '../kernel/files/host-error.js';
import { isLoadError, LoadError } from './load-error.js';
import { readModule } from './module-bytes.js';

/** The bytes of the file at `path`. */
export function readSource(path: string | URL): Uint8Array {
  let descriptor = -1;
  try {
    descriptor = openSync(path, 'r');
    return readModule(descriptor, String(path));
  } catch (error) {
    throw isLoadError(error) ? error : explain(String(path), error);
  } finally {
    if (descriptor !== -1) closeSync(descriptor);
  }
}

function explain(path: string, error: unknown): LoadError {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new LoadError('not-found', `${path}: no such file`, 'check the path of the module');
    case 'EISDIR':
      return new LoadError('not-loadable', `${path} is a directory`, 'give the .wasm file in it');
    case 'EACCES':
    case 'EPERM':
      return new LoadError('not-loadable', `${path}: permission denied`);
    default:
      return new LoadError(
        'not-loadable',
        `${path}: ${error instanceof Error ? error.message : String(error)}`,
      );
  }
}
