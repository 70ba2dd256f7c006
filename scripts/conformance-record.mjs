// What the runtimes passed when all cases were last run on each: test/conformance/results.json, from which README.md has
// its table (figures.mjs).
import { readFileSync, writeFileSync } from 'node:fs';
import { describeMachine } from '../bench/lib/machine.mjs';
import { countsByGroup } from './conformance-report.mjs';
import { writeFigures } from './figures.mjs';

const FILE = new URL('../test/conformance/results.json', import.meta.url);

/** Puts the results on `runtime`, by family, into the record, in the order of `names`, with which its name begins. */
export function recordResults(names, runtime, results) {
  const families = Object.fromEntries(countsByGroup(results));
  const entry = { runtime, machine: describeMachine(), families };
  const place = ({ runtime: name }) => names.findIndex((each) => name.startsWith(each));
  const others = JSON.parse(readFileSync(FILE, 'utf8')).filter((each) => place(each) !== place(entry));
  const records = [...others, entry].sort((a, b) => place(a) - place(b));
  writeFileSync(FILE, `${JSON.stringify(records, null, 1)}\n`);
  writeFigures();
}
