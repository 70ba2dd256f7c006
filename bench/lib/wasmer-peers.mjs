// Wasmer's runtimes for JavaScript, and iwasm where the command exists. Beside each what it has no part in, and why.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { printedFigures, wholeProcess } from './processes.mjs';

const node = process.execPath;
/** V8 11.3 (Node 20) miscompiles atomic waits in its baseline compiler: without the flag guests hang. Else it is no gain. */
const waitsRight = Number(process.versions.node.split('.')[0]) < 22 ? ['--no-liftoff'] : [];
const noThreads = { skipped: 'it has no threads: neither a shared memory nor thread-spawn' };

function isCommand(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @param guest name of a program → its file; @param script name of a script in peers/ → its file */
export function makeWasmerPeers(guest, script) {
  const text = (args) => args.map(String);
  /** A script of peers/ that takes a module and its arguments; `flags` are Node's. */
  const by = (name, module, args, flags) => [...flags, script(name), guest(module), ...text(args)];
  const printed =
    (name, module, args = [], flags = []) =>
    () =>
      printedFigures(node, by(name, module, args, flags));
  const whole = (name, module) => () => wholeProcess(node, by(name, module, [], []));
  const iwasm = (measure, module, args = []) =>
    isCommand('iwasm')
      ? () => measure('iwasm', ['--max-threads=128', guest(module), ...text(args)])
      : { skipped: 'there is no command iwasm on this machine' };
  return {
    /** Whole processes of a program without threads. */
    wasmerWhole: (module) => ({
      '@wasmer/sdk': whole('wasmer-sdk.mjs', module),
      '@wasmer/wasi': whole('wasmer-wasi.mjs', module),
      iwasm: iwasm(wholeProcess, module),
    }),
    /** Whole processes of a program that imports threads. */
    wasmerWholeThreads: (module) => ({
      '@wasmer/sdk': whole('wasmer-sdk.mjs', module),
      '@wasmer/wasi': noThreads,
      'node:wasi': noThreads,
      iwasm: iwasm(wholeProcess, module),
    }),
    /** Figures that a program without threads prints. */
    wasmerFigures: (module, args) => ({
      '@wasmer/sdk': printed('wasmer-sdk.mjs', module, args),
      '@wasmer/wasi': printed('wasmer-wasi.mjs', module, args),
      iwasm: iwasm(printedFigures, module, args),
    }),
    /** Figures that a program with threads prints. `argsOfSdk`: fewer rounds where each takes milliseconds. */
    wasmerThreadFigures: (module, args, argsOfSdk = args) => ({
      '@wasmer/sdk': printed('wasmer-sdk.mjs', module, argsOfSdk, waitsRight),
      '@wasmer/wasi': noThreads,
      'node:wasi': noThreads,
      iwasm: iwasm(printedFigures, module, args),
    }),
  };
}
