// @wasmer/wasi: node wasmer-wasi.mjs module.wasm args…
import { readFileSync, writeSync } from 'node:fs';
import { init, WASI } from '@wasmer/wasi';

const [file, ...args] = process.argv.slice(2);
await init();
const wasi = new WASI({ args: ['module', ...args], env: {} });
const module = new WebAssembly.Module(readFileSync(file));
wasi.instantiate(module, {});
process.exitCode = wasi.start();
writeSync(1, wasi.getStdoutBuffer());
writeSync(2, wasi.getStderrBuffer());
