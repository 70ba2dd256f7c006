/**
 * What the reactor's worker runs. The host creates it when the first guest thread needs a socket and ends it with the
 * run (runtime/host/reactor-worker.ts); it tells the host notices and hears when it is to end.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { codeOf } from '../../kernel/files/host-error.js';
import { KernelMemory } from '../../kernel/memory/kernel-memory.js';
import { NetworkAccess } from './network-access.js';
import { Reactor } from './reactor.js';
import { NameResolver } from './resolver.js';
import type { Offer, ReactorMessage, ReactorOrder, ReactorStart } from './start.js';

const port = parentPort;
if (!port) throw new Error('reactor-entry runs in a worker');

const { kernel, policy, writable } = workerData as ReactorStart;
const notice = (text: string) => port.postMessage({ notice: text } satisfies ReactorMessage);
const access = new NetworkAccess(policy, new NameResolver(policy.dns), notice);
const reactor = new Reactor(new KernelMemory(kernel), access, writable);

port.on('message', (order: ReactorOrder) => {
  if (order === 'end') leave();
  else if (order === 'finish') void reactor.finish().then(leave);
  else void open(order);
});

/** The loop that listens for the doorbell never ends by itself. */
function leave(): never {
  reactor.abandon();
  process.exit(0);
}

async function open(offer: Offer): Promise<void> {
  const { record } = offer;
  const failure = await reactor.offer(offer).then(
    () => undefined,
    (error: unknown) => ({
      code: codeOf(error),
      message: error instanceof Error ? error.message : String(error),
    }),
  );
  port?.postMessage({ record, failure } satisfies ReactorMessage);
}

void reactor.serve();
