/** The host's side of a run's reactor: starts its worker when a guest thread needs a socket, ends it with the run. */
import { Worker } from 'node:worker_threads';
import type { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { WORKER_OPTIONS } from '../../pool/worker-options.js';
import { bundledScript } from '../bundled-script.js';
import type { Offer, Offered, ReactorMessage, ReactorOrder, ReactorStart } from '../reactor/start.js';

/** How long the reactor may take to leave, which it does between two turns of its event loop. */
const VERDICT_MS = 5000;

/** What the run is told. */
export interface ReactorEvents {
  notice(text: string): void;
  /** The reactor is gone by a fault of its own or could not be started: no socket works any longer. */
  lost(error: Error): void;
}

export class ReactorWorker {
  readonly #kernel: KernelMemory;
  readonly #grants: Omit<ReactorStart, 'kernel'>;
  readonly #events: ReactorEvents;
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(kernel: KernelMemory, grants: Omit<ReactorStart, 'kernel'>, events: ReactorEvents) {
    this.#kernel = kernel;
    this.#grants = grants;
    this.#events = events;
  }

  /** Starts it; a guest thread has asked. */
  start(): void {
    try {
      this.#watch(this.#create());
    } catch (error) {
      // The system has no thread left.
      this.#events.lost(error as Error);
    }
  }

  #create(): Worker {
    const start: ReactorStart = { kernel: this.#kernel.memory, ...this.#grants };
    return new Worker(bundledScript('reactor.cjs'), {
      ...WORKER_OPTIONS,
      name: 'wasix-run-reactor',
      workerData: start,
    });
  }

  #watch(worker: Worker): void {
    this.#worker = worker;
    this.#ended = new Promise((resolve) => worker.once('exit', () => resolve()));
    worker.on('message', (message: ReactorMessage) => {
      if ('notice' in message) this.#events.notice(message.notice);
    });
    worker.on('error', (error: Error) => this.#events.lost(error));
  }

  /** Opens a listener that is handed to the program, and says how that went. One at a time, by the started reactor. */
  offer(offer: Offer): Promise<Offered> {
    this.#post(offer);
    return new Promise((resolve) => {
      const hear = (message: ReactorMessage) => {
        if (!('record' in message)) return;
        this.#worker?.off('message', hear);
        resolve(message);
      };
      this.#worker?.on('message', hear);
      const failure = { code: undefined, message: 'the worker of the sockets was lost' };
      void this.#ended.then(() => resolve({ record: offer.record, failure }));
    });
  }

  /** Gives the sockets `patience` milliseconds to send what is left, then ends it. */
  async finish(patience: number): Promise<void> {
    this.#post('finish');
    const timer = setTimeout(() => void this.end(), patience);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Ends it now. Resolves when it is gone, and the run's sockets with it. */
  async end(): Promise<void> {
    // It leaves by itself: terminated in the midst of its work it would leave a lock of the kernel held.
    this.#post('end');
    const timer = setTimeout(() => void this.#worker?.terminate(), VERDICT_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  #post(order: ReactorOrder): void {
    this.#worker?.postMessage(order);
  }
}
