// The contenders, as functions that make one round each.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printedFigures, wholeProcess } from './processes.mjs';
import { makeWasmerPeers } from './wasmer-peers.mjs';

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
  const binaries = new Map();
  const compiled = (name) => {
    if (!binaries.has(name)) {
      const output = join(work, name);
      execFileSync('gcc', ['-O2', '-pthread', '-o', output, here(`native/${name}.c`)]);
      binaries.set(name, output);
    }
    return binaries.get(name);
  };
  const node = process.execPath;
  const text = (args) => args.map(String);
  /** wasix-run by its API in a process of its own. */
  const ours =
    (name, args = [], options = {}) =>
    () => {
      const job = { dist, module: guest(name), args: text(args), options };
      return printedFigures(node, [here('peers/wasix-run.mjs'), JSON.stringify(job)]);
    };
  /** The command, which compiles small programs by the optimizing compiler, in a process of its own. */
  const oursByCommand =
    (name, args = []) =>
    () =>
      printedFigures(node, [cli, guest(name), ...text(args)]);
  /** A script of peers/ that drives the API itself; `flags` are Node's, `mostMs` is how long it may take. */
  const oursBy =
    (script, job, { flags = [], mostMs } = {}) =>
    () =>
      printedFigures(node, [...flags, here(`peers/${script}`), JSON.stringify({ dist, ...job })], mostMs);
  const nodeWasi =
    (name, args = [], directory = '') =>
    () =>
      printedFigures(node, [here('peers/node-wasi.mjs'), guest(name), directory, ...text(args)]);
  // V8 11.3 (Node 20) miscompiles atomic waits in its baseline compiler; without the flag the figures are garbage.
  const emnapi =
    (name, pool, args = []) =>
    () =>
      printedFigures(
        node,
        ['--no-liftoff', here('peers/emnapi.mjs'), guest(name), pool, ...text(args)].map(String),
      );
  const bare =
    (...args) =>
    () =>
      printedFigures(node, [here('peers/bare.mjs'), ...text(args)]);
  const native =
    (name, args = []) =>
    async () =>
      printedFigures(compiled(name), text(args));
  return {
    files,
    guest,
    ours,
    oursBy,
    oursByCommand,
    bare,
    native,
    emnapi,
    nodeWasi,
    /** A program of guests/ and its counterpart of native/. `programs` grants guests/ as /bin. */
    withNative: (name, args, options = {}) => ({
      'wasix-run': ours(name, args, options),
      native: native(name, args),
    }),
    programs: { host: here('guests'), guest: '/bin', readOnly: true },
    /** A program of threads in all that can run it, each with a warm pool. */
    withThreadPeers: (name, args, coreThreads, poolOfOthers = coreThreads) => ({
      'wasix-run': ours(name, args, { coreThreads }),
      native: native(name, args),
      '@emnapi/wasi-threads': emnapi(name, poolOfOthers, args),
    }),
    /** A program without threads here and in node:wasi; `directory` is granted. */
    withNodeWasi: (name, args, directory = '') => ({
      'wasix-run': ours(name, args, { dirs: directory ? [directory] : [] }),
      'node:wasi': nodeWasi(name, args, directory),
    }),
    /** The command from start to exit beside a Node that does nothing. */
    wholeWithNode: (name) => ({
      'wasix-run': () => wholeProcess(node, [cli, guest(name)]),
      'node -e 0': () => wholeProcess(node, ['-e', '0']),
    }),
    emnapiWhole: (name) => () => wholeProcess(node, [here('peers/emnapi.mjs'), guest(name), '0']),
    ...makeWasmerPeers(guest, (script) => here(`peers/${script}`)),
    nodeWasiWhole: (name) => () => wholeProcess(node, [here('peers/node-wasi.mjs'), guest(name), '']),
  };
}
