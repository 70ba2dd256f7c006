// node:wasi: node node-wasi.mjs module.wasm DIRECTORY args… (DIRECTORY '' for none)
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [file, directory, ...args] = process.argv.slice(2);
const wasi = new WASI({
  version: 'preview1',
  args: ['module', ...args],
  preopens: directory ? { '/': directory } : {},
  returnOnExit: true,
});
const module = new WebAssembly.Module(readFileSync(file));
process.exitCode = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
