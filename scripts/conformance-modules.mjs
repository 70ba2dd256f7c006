// The parts of the test suite and of the sources that the conformance script shares.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSources, root } from './load-sources.mjs';

/** `casesOf` and `groups` of the cases, `compared` of an outcome, `goals` of coverage, and the guest calls. */
export function loadTestModules() {
  const contents = `
    export { casesOf, groups } from './test/conformance/cases.ts';
    export { compared } from './test/conformance/compared.ts';
    export { goals } from './test/conformance/goals.ts';
    import { allCalls } from './src/abi/namespaces.ts';
    export const calls = allCalls();
    export { namespaces } from './src/abi/namespaces.ts';`;
  // The cases are found beside the source, not beside the bundle.
  const here = pathToFileURL(join(root, 'test/conformance/cases.ts')).href;
  return loadSources(contents, { 'import.meta.url': JSON.stringify(here) });
}

/** All cases whose group, or group and name, is among `words`; all there are without words. */
export function casesNamed({ casesOf, groups }, words) {
  const isWanted = (title) => {
    const name = title.replace(/:.*/, '');
    return words.length === 0 || words.some((word) => name === word || name.startsWith(`${word}/`));
  };
  const cases = groups().flatMap((group) => casesOf(group).map((fixture) => ({ ...fixture, group })));
  const wanted = cases.filter(({ title }) => isWanted(title));
  if (wanted.length === 0) throw new Error(`no case for ${words.join(' ')}`);
  return wanted;
}

/** Applies an asynchronous function to all items, `jobs` at a time; the results are in the order of the items. */
export async function inParallel(items, jobs, work) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]);
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  return results;
}
