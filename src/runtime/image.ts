import type { OpenedFileTreeConfig } from '../kernel/files/config.js';
import type { TerminalInfo } from '../kernel/threads/guest-thread.js';
import type { Job } from '../pool/jobs.js';

/** What a worker needs to run threads of a guest process: sent once by the host, cloned, objects inside shared. */
export interface ProcessImage {
  /** Names the process among all runs of the pool. */
  readonly key: number;
  readonly module: WebAssembly.Module;
  /** The memory that the module imports; undefined when it defines its own. */
  readonly memory: WebAssembly.Memory | undefined;
  /** Kernel memory of the run and the process's record in it. */
  readonly kernel: WebAssembly.Memory;
  readonly process: number;
  readonly args: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
  readonly files: OpenedFileTreeConfig;
  readonly terminal: TerminalInfo;
  readonly traits: ModuleTraits;
  /** Export to call after `_initialize` (reactors), or instead of `_start`. */
  readonly entry: string | undefined;
  /** Module whose exports are the custom imports of every thread; a file URL. */
  readonly importsUrl: string | undefined;
  /** Names "module.name" of the imports that the API's caller provides. */
  readonly hostImports: readonly string[];
  /** Where `--trace` goes: a stream of the kernel, or messages of the link; undefined when nothing is traced. */
  readonly trace: { readonly stream: number } | 'messages' | undefined;
  /** When the run began, seconds of the system's monotonic clock. */
  readonly started: number;
}

/** What the loader found out about the module. */
export interface ModuleTraits {
  readonly wasix: boolean;
  /** Where the module wants its memory; undefined when it defines its own. */
  readonly memoryImport: { readonly module: string; readonly name: string } | undefined;
  /** An instance can be made before there is a thread for it. */
  readonly instantiateEarly: boolean;
  /** `catch_all` in the guest would swallow a JavaScript exception: leave by a trap. */
  readonly leaveByTrap: boolean;
  /** Why no thread can be started, if the module's `wasi_thread_start` is at fault. */
  readonly threadEntryFault: string | undefined;
  /** Function imports as the module names them, with their wasm parameter counts. */
  readonly functions: readonly { readonly module: string; readonly name: string; readonly params: number }[];
}

/** Name of the export that a new thread is entered by (ABI §1.3). */
export const THREAD_ENTRY = 'wasi_thread_start';

/** First word of a task that is a guest thread; then the process key, the thread's record and its start argument. */
export const THREAD_TASK = 2;

/** Start argument word that marks the main thread. */
export const TaskWord = { KIND: 0, KEY: 1, RECORD: 2, ARGUMENT: 3, MAIN: 4 } as const;

/** Messages of the host to its workers. */
export type WorkerMessage =
  | { readonly type: 'process'; readonly image: ProcessImage }
  | { readonly type: 'forget'; readonly key: number }
  | { readonly type: 'job'; readonly id: number; readonly job: Job }
  | { readonly type: 'job-over'; readonly id: number };
