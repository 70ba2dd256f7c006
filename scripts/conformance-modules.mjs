// The parts of the test suite and of the sources that the conformance script shares: bundled, since Node 20 does not run
// TypeScript.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `casesOf` and `groups` of the cases, `compared` of an outcome, and the calls of each import module. */
export async function loadTestModules() {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const outfile = join(folder, 'modules.mjs');
  const contents = `
    export { casesOf, groups } from './test/conformance/cases.ts';
    export { compared } from './test/conformance/compared.ts';
    export { namespaces } from './src/abi/namespaces.ts';`;
  const here = JSON.stringify(pathToFileURL(join(root, 'test/conformance/cases.ts')).href);
  try {
    await build({
      stdin: { contents, resolveDir: root },
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      // The cases are found beside the source, not beside the bundle.
      define: { 'import.meta.url': here },
      outfile,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
