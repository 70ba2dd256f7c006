// Random calls with random arguments, from many threads at once, and broken modules for the loader (docs/conformance.md):
//   node scripts/fuzz.mjs                      30 seconds of calls
//   node scripts/fuzz.mjs --seconds 3600
//   node scripts/fuzz.mjs --calls 10000000
//   node scripts/fuzz.mjs --seed 77 --runs 1   one guest again
//   node scripts/fuzz.mjs --loader             broken modules instead of calls
// Ends with 1 when there was a fault; what it prints then makes the same guest again.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { printSummary } from './fuzz-summary.mjs';
import { loadSources, root } from './load-sources.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    calls: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string' },
    loader: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

/** A number given as an option, or what it is without it. */
function number(name, otherwise) {
  const given = values[name];
  if (given === undefined) return otherwise;
  if (!/^\d+$/.test(given)) throw new Error(`--${name} takes a whole number, not ${given}`);
  return Number(given);
}

const limited = ['seconds', 'calls', 'runs'].some((name) => values[name] !== undefined);
const limits = {
  milliseconds: 1000 * number('seconds', limited ? Number.POSITIVE_INFINITY : 30),
  calls: number('calls', Number.POSITIVE_INFINITY),
  runs: number('runs', Number.POSITIVE_INFINITY),
};
const seed = number('seed', Date.now() % 1_000_000_000);

execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), '--no-types'], { stdio: 'inherit' });
const contents = `
  export { fuzzCalls } from './test/fuzz/fuzz-calls.ts';
  export { fuzzLoader } from './test/fuzz/fuzz-loader.ts';`;
// The scripts of workers are found beside the bundle.
const here = pathToFileURL(join(root, 'dist/fuzz.js')).href;
const { fuzzCalls, fuzzLoader } = await loadSources(contents, { 'import.meta.url': JSON.stringify(here) });

process.stdout.write(`seed ${seed}\n`);
const report = (line) => process.stdout.write(`${line}\n`);
const result = await (values.loader ? fuzzLoader : fuzzCalls)(seed, limits, report);
printSummary(result, report);
process.exitCode = result.faults.length > 0 ? 1 : 0;
