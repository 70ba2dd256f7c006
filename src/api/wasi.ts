import type { RunEnd } from '../runtime/end-status.js';
import { EmbeddedGuest, type EmbeddedNamespace } from '../runtime/host/embedded-guest.js';
import { layOutMounts } from '../runtime/mounts.js';
import { DEFAULT_DESCRIPTORS } from './settings.js';
import { checkObject, nodeError, settingsOf, type WASIOptions, wrongType } from './wasi-options.js';

/** What is thrown by a call of an export of the program in which it exits, where that is not `start`. */
export interface ExitError extends Error {
  readonly code: 'ERR_WASI_EXITED';
  /** The program's code, all 32 bits. */
  readonly exitCode: number;
}

const LIMITS = {
  commands: [],
  maxMemory: undefined,
  maxProcesses: 1,
  maxThreads: 1,
  maxDescriptors: DEFAULT_DESCRIPTORS,
} as const;

/** The program's own code; of a program that a signal of its own ended, 128 and its number. */
function codeOf({ reason, rawExitCode, exitCode }: RunEnd): number {
  return reason === 'exit' ? rawExitCode : exitCode;
}

function exitError(code: number): ExitError {
  const error = new Error(`the program has exited with code ${code}`);
  return Object.assign(error, { code: 'ERR_WASI_EXITED', exitCode: code } as const);
}

function unusable(phase: 'unbound' | 'over'): Error {
  if (phase === 'over') return nodeError(new Error('the WASI program is over'), 'ERR_WASI_EXITED');
  return nodeError(new Error('wasi.start() has not been called'), 'ERR_WASI_NOT_STARTED');
}

/**
 * WASI for a module that the caller compiles and instantiates, in the shape of `node:wasi`: the program runs on the
 * calling thread, which it blocks, and has one thread. `run` does without the instance, and has threads.
 *
 * @example
 * const wasi = new WASI({ version: 'preview1', args: ['hello'], preopens: { '/data': './data' } });
 * const module = await WebAssembly.compile(await readFile('hello.wasm'));
 * const exitCode = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
 */
export class WASI {
  /** The functions of the interface, to be imported as the namespace of its version. */
  readonly wasiImport: Record<string, (...args: never[]) => unknown>;
  readonly #guest: EmbeddedGuest;
  readonly #namespace: EmbeddedNamespace;
  readonly #returnOnExit: boolean;
  #started = false;

  /**
   * Opens the granted directories. Throws the errors of `node:wasi` for options that make no sense; LoadError for a
   * directory that is not there.
   */
  constructor(options: WASIOptions = {} as WASIOptions) {
    const { namespace, grants, returnOnExit, ...given } = settingsOf(options);
    this.#namespace = namespace;
    this.#returnOnExit = returnOnExit;
    this.#guest = new EmbeddedGuest(namespace, {
      ...layOutMounts(grants, false, undefined),
      ...LIMITS,
      ...given,
      notice: (text) => process.emitWarning(text, 'WasixRunWarning'),
      unusable,
      exited: (end) => this.#exited(end),
    });
    this.wasiImport = { ...this.#guest.imports[namespace] };
  }

  /**
   * What to instantiate a module with that imports nothing but WASI. It has `wasi.thread-spawn` too, for programs that
   * could start threads and do not: it answers ENOTSUP.
   */
  getImportObject(): Record<string, Record<string, (...args: never[]) => unknown>> {
    return { ...this.#guest.imports, [this.#namespace]: this.wasiImport };
  }

  /**
   * Makes the functions be about `instance`, for who calls its exports without `start` or `initialize`.
   * @param options `memory`: the program's, if the instance does not export it as `memory`
   */
  finalizeBindings(
    instance: WebAssembly.Instance,
    options: { readonly memory?: WebAssembly.Memory } = {},
  ): void {
    if (this.#started) {
      throw nodeError(new Error('WASI instance has already started'), 'ERR_WASI_ALREADY_STARTED');
    }
    checkObject(instance, 'The "instance" argument');
    const { exports } = instance;
    checkObject(exports, 'The "instance.exports" property');
    const memory = options.memory ?? exports.memory;
    if (!(memory instanceof WebAssembly.Memory)) {
      throw wrongType('The "instance.exports.memory" property', 'a WebAssembly.Memory', memory);
    }
    this.#guest.bind(exports as WebAssembly.Exports, memory);
    this.#started = true;
  }

  /**
   * Runs a command: calls `_start`, and answers the exit code, 0 when it returns. After that the program is over: its
   * descriptors are closed, and its functions throw. A trap is thrown as it is.
   */
  start(instance: WebAssembly.Instance): number {
    this.finalizeBindings(instance);
    const { _start, _initialize } = instance.exports;
    checkFunction(_start, '_start');
    checkAbsent(_initialize, '_initialize');
    const end = this.#guest.runCommand(() => _start());
    const code = codeOf(end);
    if (end.left && !this.#returnOnExit) process.exit(code);
    return code;
  }

  /**
   * Prepares a reactor: calls `_initialize`, if there is one. Its exports can be called then, and its descriptors stay
   * open until `close`, or until it exits: the call in which it does throws an `ExitError`.
   */
  initialize(instance: WebAssembly.Instance): void {
    this.finalizeBindings(instance);
    const { _start, _initialize } = instance.exports;
    checkAbsent(_start, '_start');
    if (_initialize === undefined) return;
    checkFunction(_initialize, '_initialize');
    _initialize();
  }

  /** Closes the program's descriptors, those of granted directories too. Not in `node:wasi`, which waits for the collector. */
  close(): void {
    this.#guest.close();
  }

  #exited(end: RunEnd): never {
    const code = codeOf(end);
    if (!this.#returnOnExit) process.exit(code);
    throw exitError(code);
  }
}

function checkFunction(value: unknown, name: string): asserts value is () => void {
  if (typeof value !== 'function') {
    throw wrongType(`The "instance.exports.${name}" property`, 'of type function', value);
  }
}

function checkAbsent(value: unknown, name: string): void {
  if (value !== undefined) throw wrongType(`The "instance.exports.${name}" property`, 'undefined', value);
}
