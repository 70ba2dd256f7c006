// Runs the interpreter on `@wasmer/wasi` for each message, as node-wasi-child.mjs does on `node:wasi`.
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { WASI, WASIExitError } = require('@wasmer/wasi');
const { default: bindings } = require('@wasmer/wasi/lib/bindings/node');
const module = new WebAssembly.Module(readFileSync(process.argv[2]));

/** The host's files, with `stdin` and `stdout` in the place of the process's own. */
function filesWith(stdin, stdout) {
  const real = (fd) => (fd === 0 ? stdin : fd === 1 ? stdout : fd);
  return {
    ...bindings.fs,
    readSync: (fd, ...rest) => bindings.fs.readSync(real(fd), ...rest),
    writeSync: (fd, ...rest) => bindings.fs.writeSync(real(fd), ...rest),
    fstatSync: (fd, ...rest) => bindings.fs.fstatSync(real(fd), ...rest),
  };
}

function start(wasi) {
  try {
    wasi.start(new WebAssembly.Instance(module, wasi.getImports(module)));
    return 0;
  } catch (error) {
    if (error instanceof WASIExitError) return error.code ?? 0;
    return String(error);
  }
}

process.on('message', ({ preopens, input, output }) => {
  const [stdin, stdout] = [openSync(input, 'r'), openSync(output, 'w')];
  try {
    const own = {
      fs: filesWith(stdin, stdout),
      exit: (code) => {
        throw new WASIExitError(code);
      },
    };
    process.send(start(new WASI({ preopens, bindings: { ...bindings, ...own } })));
  } finally {
    closeSync(stdin);
    closeSync(stdout);
  }
});
