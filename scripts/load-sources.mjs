// Loading TypeScript sources into a script: bundled into a file, since Node 20 does not run TypeScript.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The folder of the project. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Imports a module with these `contents`, whose imports are relative to `root`; `define` as for esbuild. */
export async function loadSources(contents, define = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'load-sources-'));
  const outfile = join(folder, 'sources.mjs');
  try {
    await build({
      stdin: { contents, resolveDir: root },
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      define,
      outfile,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
