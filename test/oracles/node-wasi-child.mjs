// Runs the interpreter on `node:wasi` for each message, in a process of its own, because some of uvwasi's errors leave a
// lock held and the next call waits for ever.
import { closeSync, openSync, readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const module = new WebAssembly.Module(readFileSync(process.argv[2]));

process.on('message', ({ preopens, input, output }) => {
  const [stdin, stdout] = [openSync(input, 'r'), openSync(output, 'w')];
  let status = -1;
  try {
    const wasi = new WASI({ version: 'preview1', preopens, stdin, stdout, returnOnExit: true });
    status = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
  } finally {
    closeSync(stdin);
    closeSync(stdout);
    process.send(status);
  }
});
