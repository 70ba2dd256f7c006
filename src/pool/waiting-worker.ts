/**
 * A worker that boots before there is a pool for it: the pool's first worker, where the host knows that it will need one
 * while it still has much to load itself.
 */
import type { MessagePort, Worker } from 'node:worker_threads';
import type { WorkerStart } from './worker-loop.js';
import { WORKER_OPTIONS } from './worker-options.js';

export interface WaitingWorker {
  readonly worker: Worker;
  /** Where it expects its {@link WorkerStart}. */
  readonly port: MessagePort;
}

/** What it is created with instead of a {@link WorkerStart}. */
export interface LaterStart {
  readonly later: MessagePort;
}

/**
 * Creates one that runs the script `entry`, with Node's module, which takes a while to load and is therefore the caller's
 * to have. An Error when the system has no thread left.
 */
export function createWaiting(
  threads: typeof import('node:worker_threads'),
  entry: string,
  name: string,
): WaitingWorker {
  const { port1, port2 } = new threads.MessageChannel();
  const workerData: LaterStart = { later: port2 };
  const worker = new threads.Worker(entry, { ...WORKER_OPTIONS, name, workerData, transferList: [port2] });
  worker.unref();
  return { worker, port: port1 };
}

/** Tells it what any other worker is created with. */
export function beginWaiting({ worker, port }: WaitingWorker, start: WorkerStart): Worker {
  port.postMessage(start, [start.inbox]);
  return worker;
}

/** Calls `begin` with what the worker that this is runs with, now or when it is told. */
export function onceStarted(data: WorkerStart | LaterStart, begin: (start: WorkerStart) => void): void {
  if (!('later' in data)) return begin(data);
  const { later } = data;
  later.once('message', (start: WorkerStart) => {
    later.close();
    begin(start);
  });
}
