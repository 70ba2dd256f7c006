/**
 * What the reactor's worker runs. The host creates it when the first guest thread needs a socket and ends it with the
 * run (runtime/host/reactor-worker.ts); it tells the host notices and hears when it is to end.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { NetworkAccess } from './network-access.js';
import { Reactor } from './reactor.js';
import type { ReactorMessage, ReactorOrder, ReactorStart } from './start.js';

const port = parentPort;
if (!port) throw new Error('reactor-entry runs in a worker');

const { kernel, policy } = workerData as ReactorStart;
const notice = (text: string) => port.postMessage({ notice: text } satisfies ReactorMessage);
const reactor = new Reactor(new KernelMemory(kernel), new NetworkAccess(policy, notice));

port.on('message', (order: ReactorOrder) => {
  // The loop that listens for the doorbell never ends by itself.
  if (order === 'end') process.exit(0);
  void reactor.finish().then(() => process.exit(0));
});
void reactor.serve();
