import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path of a script that workers run: beside the bundle that holds this code, or, from the sources, in `dist`. */
export function bundledScript(name: string): string {
  const beside = fileURLToPath(new URL(`./${name}`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
}
