/**
 * A guest whose instance its host program makes: a process of one thread on the calling thread, and the functions that
 * the instance imports. No worker, no event loop. The kernel is the same as on workers.
 *
 * The functions work from `bind` on, when the instance and its memory are known, until the end: of its `_start`, by
 * `proc_exit`, or by `close`. A host program that lets go of the instance without any of them has its descriptors
 * closed when the functions are collected.
 */

import { wasmType } from '../../abi/call.js';
import { Errno } from '../../abi/errno.js';
import { type NamespaceName, namespaces } from '../../abi/namespaces.js';
import { FileTree } from '../../kernel/files/file-tree.js';
import { scratchCell } from '../../kernel/files/shared-cell.js';
import type { HostMessage } from '../../kernel/host-link.js';
import { GuestMemory } from '../../kernel/memory/guest-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { endProcess } from '../../kernel/processes/end.js';
import { EndKind } from '../../kernel/processes/process-record.js';
import { GuestThread, type TerminalInfo } from '../../kernel/threads/guest-thread.js';
import { osThread } from '../../kernel/threads/os-thread.js';
import { THREAD, ThreadState } from '../../kernel/threads/thread-words.js';
import type { RunEnd } from '../end-status.js';
import type { ModuleTraits } from '../image.js';
import type { RawImport } from '../thread/call-wrapper.js';
import { makeImportObject } from '../thread/import-object.js';
import { makeTrap } from '../thread/leave-trap.js';
import { blockingStream, installDirectStream } from './inline-stdio.js';
import { encodeAll, monotonicSeconds } from './process-image.js';
import {
  claimMainThread,
  createGuestProcess,
  installPreopens,
  type NewProcess,
  type ProcessSettings,
} from './process-setup.js';
import { closeRun } from './process-teardown.js';
import { readEnd } from './run-result.js';

/** The namespaces that a program of one thread without WASIX imports from. */
export type EmbeddedNamespace = 'wasi_snapshot_preview1' | 'wasi_unstable';

/** Where the call that starts threads is also looked for (ABI §4.1). */
const THREADS: NamespaceName = 'wasi';

export interface EmbeddedSettings extends ProcessSettings {
  readonly args: readonly string[];
  /** Entries `KEY=VALUE`. */
  readonly env: readonly string[];
  /** Host descriptors that are the guest's 0, 1 and 2. They stay open. */
  readonly stdio: readonly [number, number, number];
  /** Takes one-line remarks, such as that a thread could not be started. */
  readonly notice: (line: string) => void;
  /** Makes what is thrown to who calls the guest's functions before `bind` or after the end. */
  readonly unusable: (phase: 'unbound' | 'over') => Error;
  /** Takes the end of a guest by `proc_exit` outside of `runCommand`, and has the call that led there throw. */
  readonly exited: (end: RunEnd) => never;
}

/** How a command ended. */
export interface CommandEnd extends RunEnd {
  /** Whether it was left, as by `proc_exit`; else it came back from `_start`. */
  readonly left: boolean;
}

type Functions = Record<string, RawImport>;

const traits: ModuleTraits = {
  wasix: false,
  memoryImport: undefined,
  instantiateEarly: false,
  leaveByTrap: true,
  threadEntryFault: undefined,
  functions: [],
};

/** Descriptors and files of guests that nobody ended. */
const abandoned = new FinalizationRegistry<NewProcess>(closeRun);

export class EmbeddedGuest {
  /** The calls, by namespace and name: those of the namespace asked for, and `wasi.thread-spawn`. */
  readonly imports: Readonly<Record<string, Functions>>;
  readonly #guest: NewProcess;
  readonly #thread: GuestThread;
  readonly #settings: EmbeddedSettings;
  readonly #state: GuestState;

  /** Throws LoadError for a grant that cannot be met, and the system's error for a stream that is not open. */
  constructor(namespace: EmbeddedNamespace, settings: EmbeddedSettings) {
    this.#settings = settings;
    this.#guest = createGuestProcess({ traits, createMemory: () => ({}) }, settings);
    try {
      const terminal = installStreams(this.#guest, settings.stdio);
      installPreopens(this.#guest);
      this.#thread = makeThread(this.#guest, settings, terminal);
    } catch (error) {
      closeRun(this.#guest);
      throw error;
    }
    abandoned.register(this.#thread, this.#guest, this.#thread);
    this.#state = { phase: 'unbound', unusable: settings.unusable };
    this.imports = makeImports(this.#thread, namespace, this.#state);
  }

  /**
   * Takes the instance and the memory that its calls are about. The guest can run from here on; one that was closed before
   * cannot: its descriptors may be others' by now.
   */
  bind(exports: WebAssembly.Exports, memory: WebAssembly.Memory): void {
    if (this.#state.phase === 'over') throw this.#settings.unusable('over');
    const thread = this.#thread;
    thread.exports = exports;
    thread.memory.adopt(memory);
    thread.trap = () => {
      const end = this.#end();
      this.close();
      return this.#settings.exited(end);
    };
    Atomics.store(thread.kernel.words, thread.record + THREAD.STATE, ThreadState.RUNNING);
    this.#state.phase = 'bound';
  }

  /** Runs `entry`, which is all there is to the program. A trap or an exception comes out as it is. */
  runCommand(entry: () => void): CommandEnd {
    // A `catch_all` of the program would swallow an exception.
    this.#thread.trap = makeTrap();
    try {
      entry();
      endProcess(this.#thread, EndKind.EXIT, 0);
      return { ...this.#end(), left: false };
    } catch (error) {
      if (!this.#thread.leaving) throw error;
      return { ...this.#end(), left: true };
    } finally {
      this.close();
    }
  }

  /** Closes its descriptors. Calls of its functions throw from here on. */
  close(): void {
    if (this.#state.phase === 'over') return;
    this.#state.phase = 'over';
    this.#thread.exports = {};
    abandoned.unregister(this.#thread);
    closeRun(this.#guest);
  }

  #end(): RunEnd {
    return readEnd(this.#guest, undefined);
  }
}

/** Whether the guest can make calls; read by each of them. */
interface GuestState {
  phase: 'unbound' | 'bound' | 'over';
  readonly unusable: EmbeddedSettings['unusable'];
}

function installStreams({ kernel, process }: NewProcess, stdio: EmbeddedSettings['stdio']): TerminalInfo {
  const [stdin = false, stdout = false, stderr = false] = stdio.map((hostFd, fd) =>
    installDirectStream(kernel, process, fd, blockingStream(hostFd, fd !== 0)),
  );
  return { stdin, stdout, stderr };
}

function makeThread(guest: NewProcess, settings: EmbeddedSettings, terminal: TerminalInfo): GuestThread {
  const { kernel, process, files } = guest;
  const post = (message: HostMessage) => {
    if (message.type === 'notice') settings.notice(message.text);
  };
  const thread: GuestThread = new GuestThread({
    process,
    kernel,
    memory: new GuestMemory(undefined),
    files: new FileTree(
      files,
      scratchCell(kernel, () => thread.owner || HOST_OWNER),
    ),
    terminal,
    link: { post },
    args: encodeAll(settings.args),
    env: encodeAll(settings.env),
    wasix: false,
    started: monotonicSeconds(),
    programs: undefined,
    spawn: () => refuseThread(settings),
  });
  const record = claimMainThread(guest);
  thread.begin(record);
  kernel.words[record + THREAD.WORKER] = -1;
  kernel.words[record + THREAD.OS_THREAD] = osThread();
  return thread;
}

/** There is one instance, and whoever made it has not made it so that others could be made like it. */
function refuseThread({ notice }: EmbeddedSettings): number {
  notice(
    'cannot start a thread: the class WASI runs programs of one thread; give the module to run() or runSync()',
  );
  return -Errno.NOTSUP;
}

function makeImports(
  thread: GuestThread,
  namespace: EmbeddedNamespace,
  state: GuestState,
): EmbeddedGuest['imports'] {
  const functions = [namespace, THREADS].flatMap((module) =>
    Object.entries(namespaces[module]).map(([name, call]) => ({
      module,
      name,
      params: wasmType(call).params.length,
    })),
  );
  const plan = { traits: { ...traits, functions }, hostImports: [], trace: undefined };
  const imports = makeImportObject(thread, plan, undefined, {}) as Record<string, Functions>;
  for (const { module, name, params } of functions) {
    imports[module]![name] = guarded(state, imports[module]![name]!, params);
  }
  return imports;
}

/** `call` while the guest is bound; fixed numbers of parameters, so that no argument array is made. */
function guarded(state: GuestState, call: RawImport, params: number): RawImport {
  if (params <= 4) {
    return (a, b, c, d) => {
      if (state.phase !== 'bound') throw state.unusable(state.phase);
      return call(a!, b!, c!, d!);
    };
  }
  return (a, b, c, d, e, f, g, h, i) => {
    if (state.phase !== 'bound') throw state.unusable(state.phase);
    return call(a!, b!, c!, d!, e!, f!, g!, h!, i!);
  };
}
