// Runs a program on `@wasmer/wasi`: node conformance-wasmer-wasi.mjs FILE_OF_THE_PACKAGE RUN, with RUN as
// conformance-node-wasi.mjs takes it. It uses the files of the host through `node:fs`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const [, , file, run] = process.argv;
const { wasm, args, env, dirs } = JSON.parse(run);
const require = createRequire(file);
const { WASI } = require(file);
const bindings = require(join(dirname(file), 'bindings/node.js')).default;

const module = new WebAssembly.Module(readFileSync(wasm));
const wasi = new WASI({
  args: [basename(wasm), ...args],
  env,
  preopens: Object.fromEntries(dirs.map(({ host, guest }) => [guest, host])),
  bindings,
});
wasi.start(new WebAssembly.Instance(module, wasi.getImports(module)));
