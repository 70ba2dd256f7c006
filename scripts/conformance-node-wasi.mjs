// Runs a program on `node:wasi`: node conformance-node-wasi.mjs '{"wasm":…,"args":…,"env":…,"dirs":[{"host":…,"guest":…}]}'
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { WASI } from 'node:wasi';

const { wasm, args, env, dirs } = JSON.parse(process.argv[2]);
const module = new WebAssembly.Module(readFileSync(wasm));
const wasi = new WASI({
  version: WebAssembly.Module.imports(module).some((each) => each.module === 'wasi_unstable')
    ? 'unstable'
    : 'preview1',
  args: [basename(wasm), ...args],
  env,
  preopens: Object.fromEntries(dirs.map(({ host, guest }) => [guest, host])),
  returnOnExit: false,
});
wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
