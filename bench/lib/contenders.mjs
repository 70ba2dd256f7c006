// The contenders, as functions that make one round each.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printedFigures, wholeProcess } from './processes.mjs';

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const root = here('..');

/** Where the run works: a copy of dist, so that a rebuild meanwhile changes nothing, and the native programs. */
export function prepareWorkplace(dist = join(root, 'dist')) {
  const work = mkdtempSync(join(tmpdir(), 'wasix-run-bench-'));
  const files = join(work, 'files');
  mkdirSync(files);
  if (!existsSync(join(dist, 'worker.cjs'))) {
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), '--no-types'], { stdio: 'inherit' });
  }
  cpSync(dist, join(work, 'dist'), { recursive: true });
  writeFileSync(join(work, 'package.json'), '{"type":"module"}\n');
  process.on('exit', () => rmSync(work, { recursive: true, force: true }));
  return { work, dist: join(work, 'dist'), files };
}

export function makeContenders({ work, dist, files }) {
  const guest = (name) => (name.includes('/') ? join(root, name) : here(`guests/${name}.wasm`));
  const cli = join(dist, 'wasix-run.cjs');
  const compiled = new Map();
  const native = (name) => {
    if (!compiled.has(name)) {
      const output = join(work, name);
      execFileSync('gcc', ['-O2', '-pthread', '-o', output, here(`native/${name}.c`)]);
      compiled.set(name, output);
    }
    return compiled.get(name);
  };
  const node = process.execPath;
  const text = (args) => args.map(String);
  return {
    files,
    /** wasix-run by its API in a process of its own. */
    ours:
      (name, args = [], options = {}) =>
      () => {
        const job = { dist, module: guest(name), args: text(args), options };
        return printedFigures(node, [here('peers/wasix-run.mjs'), JSON.stringify(job)]);
      },
    /** A script of peers/ that drives the API itself. */
    oursBy: (script, job) => () =>
      printedFigures(node, [here(`peers/${script}`), JSON.stringify({ dist, ...job })]),
    oursWhole: (name) => () => wholeProcess(node, [cli, guest(name)]),
    nodeWhole:
      (...args) =>
      () =>
        wholeProcess(node, args),
    nodeWasiWhole: (name) => () => wholeProcess(node, [here('peers/node-wasi.mjs'), guest(name), '']),
    nodeWasi:
      (name, args = [], directory = '') =>
      () =>
        printedFigures(node, [here('peers/node-wasi.mjs'), guest(name), directory, ...text(args)]),
    // V8 11.3 (Node 20) miscompiles atomic waits in its baseline compiler; without the flag the figures are garbage.
    emnapi:
      (name, pool, args = []) =>
      () =>
        printedFigures(
          node,
          ['--no-liftoff', here('peers/emnapi.mjs'), guest(name), pool, ...text(args)].map(String),
        ),
    bare:
      (...args) =>
      () =>
        printedFigures(node, [here('peers/bare.mjs'), ...text(args)]),
    native:
      (name, args = []) =>
      async () =>
        printedFigures(native(name), text(args)),
    guest,
  };
}
