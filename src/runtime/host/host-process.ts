/** A guest process as the host knows it: what it runs, and how it is brought to its end. */
import { GuestMemory } from '../../kernel/memory/guest-memory.js';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { PROCESS } from '../../kernel/processes/process-record.js';
import type { WorkerPool } from '../../pool/worker-pool.js';
import type { ProcessImage } from '../image.js';
import { type EndingProcess, endThreads, threadsToEnd } from './end-threads.js';
import { weigh } from './memory-weight.js';

let nextAnnouncement = 1;

export class HostProcess {
  /** Address of the process record. */
  readonly process: number;
  readonly #kernel: KernelMemory;
  readonly #pool: WorkerPool;
  readonly #programs = new Map<number, { readonly image: ProcessImage; readonly announcement: number }>();
  #memory = new GuestMemory(undefined);

  constructor(kernel: KernelMemory, process: number, pool: WorkerPool) {
    this.#kernel = kernel;
    this.process = process;
    this.#pool = pool;
  }

  /** Sends the program that the process begins with to all workers: its threads need nobody to be found for them. */
  announce(image: ProcessImage): void {
    const announcement = nextAnnouncement++;
    this.#programs.set(image.serial, { image, announcement });
    this.#memory = new GuestMemory(image.memory.shared);
    this.#pool.announce(announcement, { type: 'process', image });
  }

  /**
   * Takes in a program that the process runs from now on; workers get it when they ask for it. What it ran before
   * they forget; so they do with this one if it is over: news of it may come late, after the process has gone on to the
   * next, or has ended and another one, started by another worker, is in its place.
   */
  offer(image: ProcessImage): void {
    const announcement = nextAnnouncement++;
    const current = this.#kernel.words[this.process + PROCESS.SERIAL]!;
    this.#programs.set(image.serial, { image, announcement });
    if (image.serial === current) this.#memory = new GuestMemory(image.memory.shared);
    this.#pool.offer(announcement, { type: 'process', image });
    for (const serial of this.#programs.keys()) if (serial !== current) this.#withdraw(serial);
  }

  /** Whether the process was or is running this program. */
  isRunning(serial: number): boolean {
    return this.#programs.has(serial);
  }

  /** Sends a worker the program that its task is of. False when the process does not run it. */
  deliver(serial: number, worker: number): boolean {
    const program = this.#programs.get(serial);
    if (program) this.#pool.deliver(program.announcement, worker);
    return program !== undefined;
  }

  /** Takes note that a worker has the program already. */
  credit(serial: number, worker: number): void {
    const program = this.#programs.get(serial);
    if (program) this.#pool.credit(program.announcement, worker);
  }

  /** The memory of the program that it runs. */
  get memory(): GuestMemory {
    return this.#memory;
  }

  /**
   * Makes sure that its threads end, whose end has been decided; all but the one that gives it another program.
   * @returns the ids of those that could not be ended, which would be a fault of this program
   */
  finish(): Promise<number[]> {
    return endThreads(this.#ending());
  }

  hasThreadsToEnd(): boolean {
    return threadsToEnd(this.#ending()).length > 0;
  }

  #ending(): EndingProcess {
    return { kernel: this.#kernel, memory: () => this.#memory, process: this.process, pool: this.#pool };
  }

  /** Has the workers forget all that it ran. */
  withdraw(): void {
    for (const serial of this.#programs.keys()) this.#withdraw(serial);
  }

  #withdraw(serial: number): void {
    const { image, announcement } = this.#programs.get(serial)!;
    this.#programs.delete(serial);
    this.#pool.withdraw(announcement, { type: 'forget', key: image.key, serial });
    // Its memory is garbage from here on.
    if (image.memory.shared) weigh(image.memory.shared);
  }
}
