/** The programs and jobs that a worker knows of. */
import type { MessagePort } from 'node:worker_threads';
import { catchUp } from '../../kernel/memory/shared-growth.js';
import type { Job } from '../../pool/jobs.js';
import { noteDeadMemory } from '../garbage.js';
import type { ProcessImage, WorkerMessage } from '../image.js';
import type { CustomImports } from './import-object.js';
import { ProcessSide } from './process-side.js';

/** `import()` of a URL, in the hands of the script that the worker was created with. */
export type ImportModule = (url: string) => Promise<unknown>;

export class Residents {
  readonly jobs = new Map<number, Job>();
  readonly #programs = new Map<string, ProcessSide>();
  readonly #pool: Int32Array;
  readonly #port: MessagePort;
  readonly #importModule: ImportModule;
  #newest: ProcessSide | undefined;
  /** The program that this worker's task waits for. */
  #asked: string | undefined;

  constructor(pool: Int32Array, port: MessagePort, importModule: ImportModule) {
    this.#pool = pool;
    this.#port = port;
    this.#importModule = importModule;
  }

  /** Takes in a message of the host; a promise when a module of custom imports has to be loaded first. */
  receive(message: WorkerMessage): void | Promise<void> {
    switch (message.type) {
      case 'process':
        return this.#adopt(message.image);
      case 'forget':
        this.#forget(nameOf(message));
        return;
      case 'job':
        this.jobs.set(message.id, message.job);
        return;
      case 'job-over':
        this.jobs.delete(message.id);
    }
  }

  /** The program with this serial number in the run with this key, if it is here. */
  find(key: number, serial: number): ProcessSide | undefined {
    const newest = this.#newest;
    // As a rule; and to make a name takes longer than all else here.
    if (newest?.image.serial === serial && newest.image.key === key) return newest;
    return this.#programs.get(nameOf({ key, serial }));
  }

  /** Asks the host for such a program, once. */
  ask(key: number, serial: number, worker: number): void {
    const name = nameOf({ key, serial });
    if (this.#asked === name) return;
    this.#asked = name;
    this.#port.postMessage({ key, message: { type: 'need', serial, worker } });
  }

  /** Takes in the program that `exec` gives to a process of this worker, ahead of the host's message about it. */
  succeed(predecessor: ProcessImage, image: ProcessImage): ProcessSide {
    // The host's word that it is over may come only when the worker reads its messages next.
    this.#forget(nameOf(predecessor));
    this.#add(image, {});
    return this.#newest!;
  }

  /** Gets ready for the next thread of the program that arrived last. */
  prepare(): void {
    this.#newest?.prepare();
  }

  #adopt(image: ProcessImage): void | Promise<void> {
    if (this.#programs.has(nameOf(image))) return;
    if (image.memory.shared) catchUp(image.memory.shared);
    if (image.importsUrl === undefined) return this.#add(image, {});
    return this.#importModule(image.importsUrl).then((custom) => this.#add(image, custom as CustomImports));
  }

  #add(image: ProcessImage, custom: CustomImports): void {
    const { key, serial } = image;
    const link = { post: (message: unknown) => this.#port.postMessage({ key, message }) };
    const requestGrowth = () => this.#port.postMessage('grow');
    this.#newest = new ProcessSide(image, link, { pool: this.#pool, key, serial, requestGrowth }, custom);
    this.#programs.set(nameOf(image), this.#newest);
  }

  #forget(name: string): void {
    const side = this.#programs.get(name);
    this.#programs.delete(name);
    if (side === this.#newest) this.#newest = undefined;
    if (side) noteDeadMemory(side.memory?.buffer.byteLength ?? 0);
  }
}

/** What names a program among all of the pool: the key of its run, and its serial number there. */
interface ProgramKey {
  readonly key: number;
  readonly serial: number;
}

function nameOf({ key, serial }: ProgramKey): string {
  return `${key}:${serial}`;
}
