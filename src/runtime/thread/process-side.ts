/** One guest process as one worker holds it: its thread object, its import object, the instance made in advance. */
import { FileTree } from '../../kernel/files/file-tree.js';
import { scratchCell } from '../../kernel/files/shared-cell.js';
import type { HostLink } from '../../kernel/host-link.js';
import { GuestMemory } from '../../kernel/memory/guest-memory.js';
import { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { PROCESS } from '../../kernel/processes/process-record.js';
import { GuestThread, type ProcessView } from '../../kernel/threads/guest-thread.js';
import type { WaitFunctions } from '../binary/host-wait.js';
import { startExport, waitTableExport, waitTableSlot } from '../binary/wait-function.js';
import type { ProcessImage } from '../image.js';
import { makeHostWaits, WAIT_REFUSED } from './host-waits.js';
import { type CustomImports, makeImportObject } from './import-object.js';
import { makeTrap } from './leave-trap.js';
import { Programs } from './programs.js';
import { type Spawner, spawnFrom } from './spawn-thread.js';
import { type StackExports, stackExports } from './thread-local-storage.js';

const PAGE_BYTES = 65_536;

function exportedMemory(exports: WebAssembly.Exports): WebAssembly.Memory | undefined {
  return Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
}

/** An instance, and what else a thread is entered by: looked up when it is made, which is in advance as a rule. */
export interface GuestInstance {
  readonly exports: WebAssembly.Exports;
  readonly stack: StackExports | undefined;
}

export class ProcessSide {
  readonly image: ProcessImage;
  readonly thread: GuestThread;
  readonly #imports: WebAssembly.Imports;
  /** The memory that the module imports; undefined when it defines its own. */
  readonly memory: WebAssembly.Memory | undefined;
  /** The program that takes this one's place, set by `exec` on its thread. */
  successor: ProcessImage | undefined;
  #waits: WaitFunctions | undefined;
  #prepared: GuestInstance | undefined;
  #unpreparable = false;
  /** While an instance is made in advance: there is no thread yet that could be ended. */
  #waitsRefused = false;

  constructor(image: ProcessImage, link: HostLink, spawner: Spawner | undefined, custom: CustomImports) {
    this.image = image;
    const { shared, limits } = image.memory;
    this.memory = shared ?? (limits && new WebAssembly.Memory(limits));
    const kernel = new KernelMemory(image.kernel);
    const view: ProcessView = {
      process: image.process,
      kernel,
      memory: new GuestMemory(this.memory),
      files: new FileTree(
        image.files,
        scratchCell(kernel, () => this.thread?.owner || HOST_OWNER),
      ),
      terminal: image.terminal,
      link,
      args: image.args,
      env: image.env,
      wasix: image.traits.wasix,
      started: image.started,
      programs: spawner && new Programs(this, spawner, link),
      spawn: (thread, argument) => spawnFrom(thread, spawner, image, argument),
    };
    this.thread = new GuestThread(view);
    if (image.traits.leaveByTrap) this.thread.trap = makeTrap();
    this.#imports = makeImportObject(this.thread, image, this.memory, custom);
  }

  /** Makes the instance of the next thread now, if nobody can tell. */
  prepare(): void {
    const { kernel, process } = this.thread;
    // The first instance gets the static TLS block (ABI §1.2): it must be the main thread's.
    if (Atomics.load(kernel.words, process + PROCESS.MAIN_INSTANCE) === 0) return;
    // A process that is over may have left its memory such that the start function waits in it for ever.
    if (this.thread.ending) return;
    if (!this.image.traits.instantiateEarly || this.#prepared || this.#unpreparable) return;
    this.#waitsRefused = true;
    try {
      const { exports } = new WebAssembly.Instance(this.image.module, this.#imports);
      this.#start(exports);
      this.#prepared = { exports, stack: stackExports(exports) };
    } catch (error) {
      // A program that has broken its memory could have the start function wait in it: this time only, perhaps. Or it
      // traps, or there is no room: the next thread's to find out, if there ever is one. This worker may by then have a
      // task of another program.
      this.#unpreparable = error !== WAIT_REFUSED;
    } finally {
      this.#waitsRefused = false;
    }
  }

  /** A fresh instance for the thread that `thread` now is. Instances are never used twice. */
  instantiate(): GuestInstance {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    if (prepared) {
      this.thread.exports = prepared.exports;
      return prepared;
    }
    const { exports } = new WebAssembly.Instance(this.image.module, this.#imports);
    this.thread.exports = exports;
    this.#adoptMemory(exports);
    this.#start(exports);
    this.#restoreContents(exports);
    return { exports, stack: stackExports(exports) };
  }

  #hostWaits(): WaitFunctions {
    this.#waits ??= makeHostWaits(this.thread, () => this.#waitsRefused, this.image.waitRelay);
    return this.#waits;
  }

  /** A module without a memory import brings its memory along as an export. */
  #adoptMemory(exports: WebAssembly.Exports): void {
    if (this.memory) return;
    const exported = exportedMemory(exports);
    if (exported) this.thread.memory.adopt(exported);
  }

  /** The child of a fork whose memory is its own finds in it what its parent had there. */
  #restoreContents(exports: WebAssembly.Exports): void {
    const { contents } = this.image;
    if (!contents) return;
    const memory = this.memory ?? exportedMemory(exports);
    if (!memory) return;
    memory.grow((contents.length - memory.buffer.byteLength) / PAGE_BYTES);
    new Uint8Array(memory.buffer).set(contents);
    if (!this.memory) this.thread.memory.adopt(memory);
  }

  /** Lets the instance wait by the host, and runs its start function, which the loader has made an export where it may wait. */
  #start(exports: WebAssembly.Exports): void {
    const table = exports[waitTableExport];
    if (table instanceof WebAssembly.Table) fillTable(table, this.#hostWaits());
    const start = exports[startExport];
    if (typeof start === 'function') start();
  }
}

/** Puts the host's wait functions into the table that the loader has made for them. */
function fillTable(table: WebAssembly.Table, { wait32, wait64 }: WaitFunctions): void {
  table.set(waitTableSlot.wait32, wait32);
  table.set(waitTableSlot.wait64, wait64);
}
