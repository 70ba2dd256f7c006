// @wasmer/sdk: node wasmer-sdk.mjs module.wasm args…
import { readFileSync, writeSync } from 'node:fs';
import { Wasmer } from '@wasmer/sdk/node';

const [file, ...args] = process.argv.slice(2);
const wasmer = new Wasmer({ cache: false });
const program = await wasmer.packages.load(new Uint8Array(readFileSync(file)));
const sandbox = await wasmer.sandboxes.create({ packages: [program] });
const { exitCode, reason, stdout, stderr } = await sandbox.command(program, args).run({ check: false });
writeSync(1, stdout.bytes);
writeSync(2, stderr.bytes);
if (reason !== 'exited') writeSync(2, `${reason}\n`);
// Its workers keep the process alive; ending it at once is the shortest way for it.
process.exit(reason === 'exited' ? (exitCode ?? 1) : 1);
