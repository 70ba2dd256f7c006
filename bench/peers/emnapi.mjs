// @emnapi/wasi-threads in its best set-up: a preloaded pool, `_start` on a worker, so that this thread's event loop is
// free to start threads and to take workers back. node emnapi.mjs module.wasm POOL args…
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';
import { Worker } from 'node:worker_threads';
import { WASIThreads } from '@emnapi/wasi-threads';

const [file, pool, ...args] = process.argv.slice(2);
const entry = new URL('./emnapi-worker.mjs', import.meta.url);
const create = (workerData) => new Worker(entry, { workerData, trackUnmanagedFds: false });

const module = new WebAssembly.Module(readFileSync(file));
// The limits that the guests of this folder are linked with.
const memory = new WebAssembly.Memory({ initial: 17, maximum: 1024, shared: true });
const wasi = new WASI({ version: 'preview1' });
const size = Number(pool);
const threads = new WASIThreads({
  wasi,
  reuseWorker: size > 0 ? { size } : true,
  onCreateWorker: () => create({ role: 'thread' }),
});
const imports = { ...wasi.getImportObject(), ...threads.getImportObject(), env: { memory } };
const instance = new WebAssembly.Instance(module, imports);
threads.setup(instance, module, memory);
await threads.preloadWorkers();

const main = create({ role: 'main', args, module, memory });
main.on('message', (message) => {
  const command = message.__emnapi__;
  if (command?.type === 'spawn-thread') {
    threads.PThread.threadSpawn(command.payload.startArg, command.payload.errorOrTid);
  } else if (message.exitCode !== undefined) {
    process.exit(message.exitCode);
  }
});
