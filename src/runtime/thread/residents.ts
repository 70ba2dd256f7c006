/** The processes and jobs that a worker knows of. */
import type { MessagePort } from 'node:worker_threads';
import type { Job } from '../../pool/jobs.js';
import type { WorkerMessage } from '../image.js';
import { collectGarbage } from './garbage.js';
import type { CustomImports } from './import-object.js';
import { ProcessSide } from './process-side.js';

export class Residents {
  readonly processes = new Map<number, ProcessSide>();
  readonly jobs = new Map<number, Job>();
  readonly #pool: Int32Array;
  readonly #port: MessagePort;
  #newest: ProcessSide | undefined;

  constructor(pool: Int32Array, port: MessagePort) {
    this.#pool = pool;
    this.#port = port;
  }

  /** Takes in a message of the host; a promise when a module of custom imports has to be loaded first. */
  receive(message: WorkerMessage): void | Promise<void> {
    switch (message.type) {
      case 'process':
        return this.#adopt(message);
      case 'forget':
        this.#forget(message.key);
        return;
      case 'job':
        this.jobs.set(message.id, message.job);
        return;
      case 'job-over':
        this.jobs.delete(message.id);
    }
  }

  /** Gets ready for the next thread of the process that arrived last. */
  prepare(): void {
    this.#newest?.prepare();
  }

  #adopt({ image }: WorkerMessage & { type: 'process' }): void | Promise<void> {
    const add = (custom: CustomImports) => {
      const link = { post: (message: unknown) => this.#port.postMessage({ key: image.key, message }) };
      const spawner = {
        pool: this.#pool,
        key: image.key,
        requestGrowth: () => this.#port.postMessage('grow'),
      };
      this.#newest = new ProcessSide(image, link, spawner, custom);
      this.processes.set(image.key, this.#newest);
    };
    if (image.importsUrl === undefined) return add({});
    return import(image.importsUrl).then((loaded: CustomImports) => add(loaded));
  }

  #forget(key: number): void {
    const side = this.processes.get(key);
    this.processes.delete(key);
    if (side === this.#newest) this.#newest = undefined;
    if (side) collectGarbage();
  }
}
