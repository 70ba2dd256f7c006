/**
 * The caller's side of a supervisor: a worker that does what runs need of an event loop, creating workers, hearing of
 * ends, moving bytes, for callers that block theirs. The runs' own pools are its workers' workers, which end with it;
 * so each thread that has callers keeps one, from its first supervised run on, and one that is idle keeps nobody alive.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { isThere } from '../kernel/threads/os-thread.js';
import { WORKER_OPTIONS } from '../pool/worker-options.js';
import { bundledScript } from '../runtime/bundled-script.js';
import type { RunResult } from '../runtime/host/run-result.js';
import type { LoadedModule, ModuleSource } from '../runtime/load.js';
import type { RunOptions } from './options.js';
import {
  type Answer,
  type Order,
  type Outcome,
  resultOf,
  type SupervisorStart,
  SupervisorState,
  SupervisorWord,
} from './supervisor-messages.js';
import { sendableOptions, sendableSource } from './supervisor-request.js';

/** How long a supervisor may take to boot, which on a busy machine is long. */
const BOOT_MS = 60_000;

/** How often a caller that waits for an answer looks whether the supervisor is still there. */
const LOOK_MS = 1000;

/** Who hears of a run. */
interface RunWatcher {
  readonly notice: ((line: string) => void) | undefined;
  readonly over: (outcome: Outcome) => void;
  /** Whether Node is to be kept alive for it. */
  readonly awaited: boolean;
}

class Supervisor {
  readonly #words = new Int32Array(new SharedArrayBuffer(4 * SupervisorWord.COUNT));
  readonly #port: MessagePort;
  readonly #worker: Worker;
  readonly #runs = new Map<number, RunWatcher>();
  #nextId = 1;
  #error: Error | undefined;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const worker = new Worker(bundledScript('supervisor.cjs'), {
      ...WORKER_OPTIONS,
      name: 'wasix-run-supervisor',
      workerData: { port: port2, words: this.#words } satisfies SupervisorStart,
      transferList: [port2],
    });
    worker.on('error', (error: Error) => {
      this.#error = error;
    });
    worker.on('exit', () => this.#fail());
    worker.unref();
    this.#worker = worker;
    port1.on('message', (answer: Answer) => this.#receive(answer));
    port1.unref();
  }

  /** Whether it takes no more orders. */
  get gone(): boolean {
    return Atomics.load(this.#words, SupervisorWord.STATE) === SupervisorState.GONE;
  }

  /** Starts a run and answers its number. Throws LoadError for what cannot be sent. */
  start(source: ModuleSource | LoadedModule, options: RunOptions, watcher: RunWatcher): number {
    const id = this.#nextId++;
    const notices = watcher.notice !== undefined;
    const program = sendableSource(source);
    this.#send({ type: 'run', id, program, options: sendableOptions(options), notices });
    this.#runs.set(id, watcher);
    this.#holdNode();
    return id;
  }

  /** Ends a run as by SIGTERM. */
  stop(id: number): void {
    this.#send({ type: 'stop', id });
  }

  /** Blocks the thread until `isOver`, which answers make true. */
  waitUntil(isOver: () => boolean): void {
    const words = this.#words;
    while (!isOver()) {
      const seen = Atomics.load(words, SupervisorWord.ANSWERS);
      const state = Atomics.load(words, SupervisorWord.STATE);
      // After that look: what it has answered before it went is there.
      this.#drain();
      if (isOver()) return;
      if (state === SupervisorState.GONE || !this.#waitForAnswer(seen, state)) this.#fail();
    }
  }

  /**
   * False when there will be none: a supervisor that boots has not come up in time, or the engine has ended one at its
   * heap limit, which makes it say no last word.
   */
  #waitForAnswer(seen: number, state: number): boolean {
    const words = this.#words;
    const thread = Atomics.load(words, SupervisorWord.THREAD);
    const patience = state === SupervisorState.BOOTING ? BOOT_MS : LOOK_MS;
    while (Atomics.wait(words, SupervisorWord.ANSWERS, seen, patience) === 'timed-out') {
      if (state === SupervisorState.BOOTING || !isThere(thread)) return false;
    }
    return true;
  }

  #drain(): void {
    for (let next = receiveMessageOnPort(this.#port); next; next = receiveMessageOnPort(this.#port)) {
      this.#receive(next.message as Answer);
    }
  }

  #send(order: Order): void {
    this.#port.postMessage(order);
  }

  #receive(answer: Answer): void {
    const run = this.#runs.get(answer.id);
    if (!run) return;
    if ('notice' in answer) return run.notice?.(answer.notice);
    this.#runs.delete(answer.id);
    this.#holdNode();
    run.over(answer.outcome);
  }

  #holdNode(): void {
    const awaited = [...this.#runs.values()].some((run) => run.awaited);
    // The worker too: when it is lost, its port is closed, and that would be the end of the wait for its `exit`.
    for (const handle of [this.#port, this.#worker]) awaited ? handle.ref() : handle.unref();
  }

  /** It is gone, by a fault of its own, and all its runs with it. */
  #fail(): void {
    Atomics.store(this.#words, SupervisorWord.STATE, SupervisorState.GONE);
    const reason = this.#error?.message ?? 'it ended unexpectedly';
    const failure = { error: new Error(`the supervisor was lost: ${reason}`) };
    const runs = [...this.#runs.values()];
    this.#runs.clear();
    this.#port.close();
    void this.#worker.terminate();
    for (const { over } of runs) over({ failure });
  }
}

let current: Supervisor | undefined;

/** The supervisor of this thread. */
export function supervisor(): Supervisor {
  if (!current || current.gone) current = new Supervisor();
  return current;
}

/** `run` with its event loop in the supervisor. Rejects with LoadError. */
export async function runSupervised(
  source: ModuleSource | LoadedModule,
  options: RunOptions,
): Promise<RunResult> {
  const { signal, onNotice } = options;
  const at = supervisor();
  let abort = () => {};
  const outcome = await new Promise<Outcome>((over) => {
    const id = at.start(source, options, { notice: onNotice, over, awaited: true });
    abort = () => at.stop(id);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
  });
  signal?.removeEventListener('abort', abort);
  return resultOf(outcome);
}
