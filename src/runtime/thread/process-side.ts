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
import { waitTableExport, waitTableSlot } from '../binary/wait-function.js';
import type { ProcessImage } from '../image.js';
import { makeHostWaits } from './host-waits.js';
import { type CustomImports, makeImportObject } from './import-object.js';
import { makeTrap } from './leave-trap.js';
import { type Spawner, spawnFrom } from './spawn-thread.js';

export class ProcessSide {
  readonly image: ProcessImage;
  readonly thread: GuestThread;
  readonly #imports: WebAssembly.Imports;
  #waits: WaitFunctions | undefined;
  #prepared: WebAssembly.Instance | undefined;

  constructor(image: ProcessImage, link: HostLink, spawner: Spawner | undefined, custom: CustomImports) {
    this.image = image;
    // A memory that another thread grows while it is being received is too small here, in V8 for good: an instance then
    // traps on atomic accesses to what was added. Growing it by nothing, once it has arrived, brings it up to date.
    if (image.memory?.buffer instanceof SharedArrayBuffer) image.memory.grow(0);
    const kernel = new KernelMemory(image.kernel);
    const view: ProcessView = {
      process: image.process,
      kernel,
      memory: new GuestMemory(image.memory),
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
      spawn: (thread, argument) => spawnFrom(thread, spawner, image, argument),
    };
    this.thread = new GuestThread(view);
    if (image.traits.leaveByTrap) this.thread.trap = makeTrap();
    this.#imports = makeImportObject(this.thread, image, custom);
  }

  /** Makes the instance of the next thread now, if nobody can tell. */
  prepare(): void {
    const { kernel, process } = this.thread;
    // The first instance gets the static TLS block (ABI §1.2): it must be the main thread's.
    if (Atomics.load(kernel.words, process + PROCESS.MAIN_INSTANCE) === 0) return;
    if (this.image.traits.instantiateEarly)
      this.#prepared ??= new WebAssembly.Instance(this.image.module, this.#imports);
  }

  /** A fresh instance for the thread that `thread` now is. Instances are never used twice. */
  instantiate(): WebAssembly.Instance {
    const instance = this.#prepared ?? new WebAssembly.Instance(this.image.module, this.#imports);
    this.#prepared = undefined;
    this.thread.exports = instance.exports;
    this.#adoptMemory(instance);
    this.#installWaits(instance);
    return instance;
  }

  /** A module without a memory import brings its memory along as an export. */
  #adoptMemory(instance: WebAssembly.Instance): void {
    if (this.image.memory) return;
    const exported = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
    if (exported) this.thread.memory.adopt(exported);
  }

  #installWaits(instance: WebAssembly.Instance): void {
    const table = instance.exports[waitTableExport];
    if (!(table instanceof WebAssembly.Table)) return;
    this.#waits ??= makeHostWaits(this.thread);
    table.set(waitTableSlot.wait32, this.#waits.wait32);
    table.set(waitTableSlot.wait64, this.#waits.wait64);
  }
}
