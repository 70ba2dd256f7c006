/** What a supervisor runs: does the runs that its caller orders, each on a pool of its own, and answers how they went. */
import { workerData } from 'node:worker_threads';
import { Signal } from '../abi/signal.js';
import { osThread } from '../kernel/threads/os-thread.js';
import { restoreLoaded } from '../runtime/load.js';
import type { RunOptions } from './options.js';
import { type StartedRun, start } from './run.js';
import {
  type Answer,
  failureOf,
  type Order,
  type Outcome,
  type SupervisorStart,
  SupervisorState,
  SupervisorWord,
} from './supervisor-messages.js';
import { useOwnDescriptors } from './supervisor-streams.js';

const { port, words } = workerData as SupervisorStart;
const runs = new Map<number, Promise<StartedRun>>();

/** Wakes a caller that waits, after a message or a change of state. */
function wakeCaller(): void {
  Atomics.add(words, SupervisorWord.ANSWERS, 1);
  Atomics.notify(words, SupervisorWord.ANSWERS);
}

function become(state: number): void {
  Atomics.store(words, SupervisorWord.STATE, state);
  wakeCaller();
}

function answer(message: Answer): void {
  port.postMessage(message);
  wakeCaller();
}

async function run({ id, program, options, notices }: Order & { type: 'run' }): Promise<void> {
  const source = 'loaded' in program ? restoreLoaded(program.loaded) : program.source;
  const onNotice: RunOptions = notices ? { onNotice: (notice) => answer({ id, notice }) } : {};
  const started = start(source, { ...options, ...onNotice });
  runs.set(id, started);
  const outcome: Outcome = await started
    .then(async ({ result }) => ({ result: await result }))
    .catch((error: unknown) => ({ failure: failureOf(error) }));
  runs.delete(id);
  answer({ id, outcome });
}

useOwnDescriptors();
port.on('message', (order: Order) => {
  if (order.type === 'run') return void run(order);
  // One that could not be started says so by its outcome.
  runs.get(order.id)?.then(
    (started) => started.kill(Signal.TERM),
    () => undefined,
  );
});
Atomics.store(words, SupervisorWord.THREAD, osThread());
process.on('exit', () => become(SupervisorState.GONE));
become(SupervisorState.SERVING);
