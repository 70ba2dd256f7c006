// Runs the cases of fixtures/ on a runtime and tells what passed, by family (docs/conformance.md):
//   node scripts/conformance.mjs [GROUP | GROUP/NAME]…     on the command in dist/
//   --runtime wasix-run | node:wasi | @wasmer/wasi | @wasmer/sdk   which runtime
//   --runtime-command 'wasmtime run {dirs} {env} {wasm} {args}'   any other
//   --dir-format '--dir {host}::{guest}'  --env-format '--env {name}={value}'   how it takes those
//   --imports wasi_snapshot_preview1,wasi                  import modules that it offers
//   --json FILE  --junit FILE                              reports
//   --record                                               all cases, for the table in README.md (figures.mjs)
//   --jobs N                                               cases at a time, 1 without it
//   --failures N                                           failures told in full, 20 without it
// Ends with 1 when a case failed.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { casesNamed, inParallel, loadTestModules } from './conformance-modules.mjs';
import { recordResults } from './conformance-record.mjs';
import { formatFailures, formatTable, toJson, toJunit } from './conformance-report.mjs';
import { runCase } from './conformance-run.mjs';
import { commandRuntime, nodeWasi, wasixRun } from './conformance-runtimes.mjs';
import { wasmerSdk, wasmerWasi } from './conformance-wasmer.mjs';

const runtimes = {
  'wasix-run': wasixRun,
  'node:wasi': nodeWasi,
  '@wasmer/wasi': wasmerWasi,
  '@wasmer/sdk': wasmerSdk,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runtime: { type: 'string', default: 'wasix-run' },
    'runtime-command': { type: 'string' },
    'dir-format': { type: 'string', default: '--dir {host}::{guest}' },
    'env-format': { type: 'string', default: '--env {name}={value}' },
    imports: { type: 'string', default: 'wasi_snapshot_preview1' },
    json: { type: 'string' },
    junit: { type: 'string' },
    record: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '1' },
    failures: { type: 'string', default: '20' },
  },
});

if (values.record && (positionals.length > 0 || values['runtime-command'] !== undefined))
  throw new Error('--record is for all cases, on a runtime that has a name here');

function chosenRuntime() {
  const template = values['runtime-command'];
  if (template !== undefined) {
    const formats = { dir: values['dir-format'], env: values['env-format'] };
    return commandRuntime(template, formats, values.imports.split(','));
  }
  const runtime = runtimes[values.runtime];
  if (!runtime) throw new Error(`no runtime called ${values.runtime}; --runtime-command runs any`);
  const reason = runtime.prepare?.();
  return reason === undefined ? runtime : { ...runtime, skip: () => reason };
}

const modules = await loadTestModules();
const { compared, namespaces } = modules;
const runtime = chosenRuntime();
const cases = casesNamed(modules, positionals);
const results = await inParallel(cases, Number(values.jobs), (fixture) =>
  runCase(fixture, runtime, compared),
);
console.log(formatFailures(results, Number(values.failures)));
console.log(formatTable(runtime.name, results, cases, namespaces));
if (values.json) writeFileSync(values.json, toJson(runtime.name, results, cases, namespaces));
if (values.junit) writeFileSync(values.junit, toJunit(runtime.name, results));
if (values.record) recordResults(Object.keys(runtimes), runtime.name, results);
process.exitCode = results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
