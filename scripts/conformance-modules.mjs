// The parts of the test suite and of the sources that the conformance script shares.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSources, root } from './load-sources.mjs';

/** `casesOf` and `groups` of the cases, `compared` of an outcome, and the calls of each import module. */
export function loadTestModules() {
  const contents = `
    export { casesOf, groups } from './test/conformance/cases.ts';
    export { compared } from './test/conformance/compared.ts';
    export { namespaces } from './src/abi/namespaces.ts';`;
  // The cases are found beside the source, not beside the bundle.
  const here = pathToFileURL(join(root, 'test/conformance/cases.ts')).href;
  return loadSources(contents, { 'import.meta.url': JSON.stringify(here) });
}
