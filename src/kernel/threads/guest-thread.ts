import type { FileTree } from '../files/file-tree.js';
import type { HostLink } from '../host-link.js';
import { IoVectors } from '../io-vectors.js';
import type { GuestMemory } from '../memory/guest-memory.js';
import type { KernelMemory } from '../memory/kernel-memory.js';
import { loadText } from '../memory/text.js';
import type { ProcessControl } from '../processes/process-control.js';
import { isEnding, PROCESS } from '../processes/process-record.js';
import { askThread } from '../signals/signal-set.js';
import type { StackImage, StackSwitch } from './stack-switch.js';
import { ownerOf } from './thread-record.js';
import { InCall, THREAD } from './thread-words.js';

/** Thrown through the guest's frames to leave it: the thread is over, whatever its stack holds. */
export const LEAVE = Object.freeze({ leave: true });

/** Which of the run's standard streams are on a terminal; what is known of it is in kernel/terminal.ts. */
export interface TerminalInfo {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** What the threads of one process have in common, as each worker holds it. */
export interface ProcessView {
  /** Address of the process record. */
  readonly process: number;
  readonly kernel: KernelMemory;
  readonly memory: GuestMemory;
  readonly files: FileTree;
  readonly terminal: TerminalInfo;
  readonly link: HostLink;
  readonly args: readonly Uint8Array[];
  readonly env: readonly Uint8Array[];
  /** True for modules that import from a WASIX namespace (ABI §1.1). */
  readonly wasix: boolean;
  /** When the run began, seconds of the system's monotonic clock. */
  readonly started: number;
  /** Loads and starts programs; undefined where a run has no workers for them. */
  readonly programs: ProcessControl | undefined;
  /** Starts a further guest thread of the process; the result of `thread-spawn`. */
  spawn(thread: GuestThread, startArgument: number): number;
}

/** What a thread was before it became the child of a vfork, and is again after it (processes/vfork.ts). */
export interface SuspendedParent {
  readonly process: number;
  readonly record: number;
  readonly signalExport: string | undefined;
  readonly handling: number;
  /** Where its stack was left; undefined when the guest comes back to it by itself. */
  readonly stack: StackImage | undefined;
}

/**
 * The calling guest thread, as every system call receives it. A worker has one per process and reuses it for
 * one guest thread after the other (`begin`).
 */
export class GuestThread {
  readonly view: ProcessView;
  readonly kernel: KernelMemory;
  readonly memory: GuestMemory;
  /** Address of its process record; another one's while the thread is the child of a vfork. */
  process: number;
  record = 0;
  tid = 0;
  /** Number under which this thread takes kernel locks. */
  owner = 0;
  /** Set when the thread is on its way out; who catches LEAVE or a trap checks it. */
  leaving = false;
  /** The parent that this thread is the vfork child of. */
  suspended: SuspendedParent | undefined;
  /** Name of the export that takes signals, as `callback_signal` registered it (ABI §2.8). */
  signalExport: string | undefined;
  /** The signals whose handlers are running, bit per signal number − 1. */
  handling = 0;
  /** The exports of this thread's instance. */
  exports: WebAssembly.Exports = {};
  /** Switching of this thread's stack; undefined for programs that were not built for it. */
  stack: StackSwitch | undefined;
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
    this.handling = 0;
    const signalExport = Atomics.load(this.kernel.words, this.process + PROCESS.SIGNAL_EXPORT);
    this.signalExport = signalExport === 0 ? undefined : loadText(this.kernel, signalExport);
    // Signals may have come to the process while it had no thread to take them.
    if (Atomics.load(this.kernel.words, this.process + PROCESS.PENDING) !== 0) {
      askThread(this.kernel.words, record);
    }
  }

  /** The most descriptors that the process may have: numbers are below it. */
  get descriptorLimit(): number {
    return this.kernel.words[this.process + PROCESS.FD_LIMIT]!;
  }

  hasExport(name: string): boolean {
    return typeof this.exports[name] === 'function';
  }

  /** Calls the export `name`, which takes two i32 values at most, in this thread's instance. */
  callExport(name: string, first = 0, second = 0): void {
    const target = this.exports[name];
    if (typeof target !== 'function') return;
    if (this.stack) this.stack.call(name, [first, second]);
    else target(first, second);
  }

  /**
   * Whether the thread is to leave the guest. A vfork child leaves with its parent too; for its own end only if there
   * is a stack to come back to.
   */
  get ending(): boolean {
    const { kernel, process, suspended } = this;
    if (suspended === undefined) return isEnding(kernel, process);
    return (
      isEnding(kernel, suspended.process) || (suspended.stack !== undefined && isEnding(kernel, process))
    );
  }

  /** Marks the start of a host call; from here to `exitCall` nobody terminates the thread. */
  enterCall(): void {
    this.enterHost();
    if (this.ending) this.leave();
  }

  exitCall(): void {
    Atomics.store(this.kernel.words, this.record + THREAD.IN_CALL, InCall.NO);
  }

  /** Marks the thread as in host code. One that is about to be terminated in the guest waits for that instead. */
  enterHost(): void {
    const { words } = this.kernel;
    const mark = this.record + THREAD.IN_CALL;
    if (Atomics.exchange(words, mark, InCall.YES) !== InCall.CONDEMNED) return;
    while (Atomics.load(words, mark) !== InCall.PARDONED) Atomics.wait(words, mark, InCall.YES);
    Atomics.store(words, mark, InCall.YES);
  }

  /** Leaves the guest for good. */
  leave(): never {
    this.leaving = true;
    if (this.trap) this.trap();
    throw LEAVE;
  }
}
