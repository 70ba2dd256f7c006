import type { FileTree } from '../files/file-tree.js';
import type { HostLink } from '../host-link.js';
import { IoVectors } from '../io-vectors.js';
import type { GuestMemory } from '../memory/guest-memory.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { loadText } from '../memory/text.js';
import { isEnding, PROCESS } from '../processes/process-record.js';
import { ownerOf } from './thread-record.js';
import { THREAD } from './thread-words.js';

/** Thrown through the guest's frames to leave it: the thread is over, whatever its stack holds. */
export const LEAVE = Object.freeze({ leave: true });

/** The terminal that the run's standard streams are on, if any. */
export interface TerminalInfo {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Size at the start of the run, in characters. */
  readonly columns: number;
  readonly rows: number;
}

/** What the threads of one process have in common, as each worker holds it. */
export interface ProcessView {
  /** Address of the process record. */
  readonly process: number;
  readonly kernel: KernelMemory;
  readonly memory: GuestMemory;
  readonly files: FileTree;
  /** Whether stdin and stdout are terminals; their size is asked when needed. */
  readonly terminal: TerminalInfo;
  readonly link: HostLink;
  readonly args: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
  /** True for modules that import from a WASIX namespace (ABI §1.1). */
  readonly wasix: boolean;
  /** When the run began, seconds of the system's monotonic clock. */
  readonly started: number;
  /** Starts a further guest thread of the process; the result of `thread-spawn`. */
  spawn(thread: GuestThread, startArgument: number): number;
}

/**
 * The calling guest thread, as every system call receives it. A worker has one per process and reuses it for
 * one guest thread after the other (`begin`).
 */
export class GuestThread {
  readonly view: ProcessView;
  readonly kernel: KernelMemory;
  readonly memory: GuestMemory;
  readonly process: number;
  record = 0;
  tid = 0;
  /** Number under which this thread takes kernel locks. */
  owner = 0;
  /** Set when the thread is on its way out; who catches LEAVE or a trap checks it. */
  leaving = false;
  /** Name of the export that takes signals, as `callback_signal` registered it (ABI §2.8). */
  signalExport: string | undefined;
  /** The exports of this thread's instance. */
  exports: WebAssembly.Exports = {};
  /** Buffers of the read or write call under way. */
  readonly vectors: IoVectors;
  /** Traps inside wasm, for guests whose `catch_all` would swallow a JavaScript exception. */
  trap: (() => never) | undefined;

  constructor(view: ProcessView) {
    this.view = view;
    this.kernel = view.kernel;
    this.memory = view.memory;
    this.process = view.process;
    this.vectors = new IoVectors(view.memory);
  }

  /** Makes this the thread with `record`. */
  begin(record: number): void {
    this.record = record;
    this.tid = this.kernel.words[record + THREAD.TID]!;
    this.owner = ownerOf(this.kernel, record);
    this.leaving = false;
    const signalExport = Atomics.load(this.kernel.words, this.process + PROCESS.SIGNAL_EXPORT);
    this.signalExport = signalExport === 0 ? undefined : loadText(this.kernel, signalExport);
  }

  /** The most descriptors that the process may have: numbers are below it. */
  get descriptorLimit(): number {
    return this.kernel.words[this.process + PROCESS.FD_LIMIT]!;
  }

  hasExport(name: string): boolean {
    return typeof this.exports[name] === 'function';
  }

  /** Calls the export `name`, which takes one i32, in this thread's instance. */
  callExport(name: string, argument: number): void {
    const target = this.exports[name];
    if (typeof target === 'function') target(argument);
  }

  get ending(): boolean {
    return isEnding(this.kernel, this.process);
  }

  /** Marks the start of a host call; from here to `exitCall` nobody terminates the thread. */
  enterCall(): void {
    Atomics.store(this.kernel.words, this.record + THREAD.IN_CALL, 1);
    // The store comes before this load and END is stored before IN_CALL is loaded by who ends the process:
    // either that one sees the call, or the call sees the end.
    if (Atomics.load(this.kernel.words, this.process + PROCESS.END) !== 0) this.leave();
  }

  exitCall(): void {
    Atomics.store(this.kernel.words, this.record + THREAD.IN_CALL, 0);
  }

  /** Leaves the guest for good. */
  leave(): never {
    this.leaving = true;
    if (this.trap) this.trap();
    throw LEAVE;
  }
}
