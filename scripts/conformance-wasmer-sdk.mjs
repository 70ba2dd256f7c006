// Runs a program on `@wasmer/sdk`: node conformance-wasmer-sdk.mjs FILE_OF_THE_PACKAGE RUN, with RUN as
// conformance-node-wasi.mjs takes it, but for directories.
import { readFileSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , file, run] = process.argv;
const { wasm, args, env } = JSON.parse(run);
const { Wasmer } = await import(pathToFileURL(file).href);

const wasmer = new Wasmer({ cache: false });
const program = await wasmer.packages.load(new Uint8Array(readFileSync(wasm)));
const sandbox = await wasmer.sandboxes.create({ packages: [program], env });
const stdin = new Uint8Array(readFileSync(0));
const output = await sandbox.command(program, args).run({ stdin, check: false });
writeSync(1, output.stdout.bytes);
writeSync(2, output.stderr.bytes);
// Its workers keep the process alive.
process.exit(output.reason === 'exited' ? output.exitCode & 0xff : 1);
