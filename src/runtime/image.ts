import type { OpenedFileTreeConfig } from '../kernel/files/config.js';
import type { TerminalInfo } from '../kernel/threads/guest-thread.js';
import type { Job } from '../pool/jobs.js';
import type { OptimizeSetting } from './optimizing-compiler.js';
import type { StackStart } from './thread/stack/open-stack.js';

/** What a worker needs to run threads of a guest process: sent once by the host, cloned, objects inside shared. */
export interface ProcessImage {
  /** Names the run among all of the pool. */
  readonly key: number;
  readonly module: WebAssembly.Module;
  /** Serial number of the program in the run: a process gets a new one with each `exec`. */
  readonly serial: number;
  readonly memory: GuestMemoryPlan;
  /** Most bytes that a memory of the run's programs may have; undefined leaves it to them. */
  readonly maxMemory: number | undefined;
  /** Kernel memory of the run and the process's record in it. */
  readonly kernel: WebAssembly.Memory;
  readonly process: number;
  readonly args: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
  readonly files: OpenedFileTreeConfig;
  readonly terminal: TerminalInfo;
  readonly traits: ModuleTraits;
  /** Compiled once for all workers (binary/host-wait.ts); undefined where there is one thread at most. */
  readonly waitRelay: WebAssembly.Module | undefined;
  /** Which of the programs that it loads are optimized. */
  readonly optimize: OptimizeSetting | undefined;
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
  /** The child of a fork goes on where its parent was. */
  readonly resume?: StackStart;
  /** What such a child's memory holds, where the memory itself could not be sent. */
  readonly contents?: Uint8Array;
}

/**
 * The memory that a program imports: its limits in pages, and the memory itself if it is shared. One that is not cannot
 * be sent: the program's only thread makes it. Empty when the module defines its own.
 */
export interface GuestMemoryPlan {
  readonly limits?: ConstructorParameters<typeof WebAssembly.Memory>[0];
  readonly shared?: WebAssembly.Memory;
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

/** First word of a task that is a guest thread; then the key of the run, the thread's record and its start argument. */
export const THREAD_TASK = 2;

/** The words of such a task; MAIN is 1 for the main thread of a program, SERIAL says which program. */
export const TaskWord = { KIND: 0, KEY: 1, RECORD: 2, ARGUMENT: 3, MAIN: 4, SERIAL: 5 } as const;

/** Messages of the host to its workers. */
export type WorkerMessage =
  | { readonly type: 'process'; readonly image: ProcessImage }
  | { readonly type: 'forget'; readonly key: number; readonly serial: number }
  | { readonly type: 'job'; readonly id: number; readonly job: Job }
  | { readonly type: 'job-over'; readonly id: number };
