// A worker of emnapi.mjs: a thread of its pool, or the one that runs `_start`.
import { WASI } from 'node:wasi';
import { parentPort, workerData } from 'node:worker_threads';
import { ThreadMessageHandler, WASIThreads } from '@emnapi/wasi-threads';

const postMessage = (message) => parentPort.postMessage(message);

function link(module, memory, args) {
  const wasi = new WASI({ version: 'preview1', args: ['module', ...args], returnOnExit: true });
  const threads = new WASIThreads({ wasi, childThread: true, postMessage });
  const imports = { ...wasi.getImportObject(), ...threads.getImportObject(), env: { memory } };
  return { wasi, threads, instance: new WebAssembly.Instance(module, imports) };
}

if (workerData.role === 'main') {
  const { module, memory, args } = workerData;
  const { wasi, threads, instance } = link(module, memory, args);
  threads.setup(instance, module, memory);
  postMessage({ exitCode: wasi.start(instance) });
} else {
  const handler = new ThreadMessageHandler({
    postMessage,
    onLoad({ wasmModule, wasmMemory }) {
      const { threads, instance } = link(wasmModule, wasmMemory, []);
      return { module: wasmModule, instance: threads.initialize(instance, wasmModule, wasmMemory) };
    },
  });
  parentPort.on('message', (data) => handler.handle({ data }));
}
