/**
 * One run of a guest program, from the host's side: sets the process up, hands its main thread to the pool, hears of
 * its end, makes that end certain, and cleans up. Everything here happens on the host's event loop; guest threads
 * never wait for it, except for streams that the loop moves and for workers it has to create.
 */
import type { EndReport, HostMessage } from '../../kernel/host-link.js';
import { GuestMemory } from '../../kernel/memory/guest-memory.js';
import { HOST_OWNER } from '../../kernel/memory/lock.js';
import { wakeForEnd } from '../../kernel/processes/end.js';
import { claimEnd, EndKind, isEnding, PROCESS } from '../../kernel/processes/process-record.js';
import { THREAD } from '../../kernel/threads/thread-words.js';
import type { Task } from '../../pool/pool-memory.js';
import type { WorkerPool } from '../../pool/worker-pool.js';
import { TaskWord, THREAD_TASK } from '../image.js';
import type { LoadedModule } from '../load.js';
import type { RunSettings } from '../options.js';
import { endThreads } from './end-threads.js';
import { serveImport } from './import-server.js';
import { makeImage } from './process-image.js';
import { claimMainThread, createGuestProcess, installPreopens, type NewProcess } from './process-setup.js';
import { closeGuestProcess } from './process-teardown.js';
import { type RunResult, readEnd, readThreadCounts } from './run-result.js';
import { Stdio } from './stdio.js';

let nextKey = 1;

/** How long the output of a program that was killed may take to be passed on. */
const LAST_WORDS_MS = 50;

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

export class GuestRun {
  readonly result: Promise<RunResult>;
  readonly #pool: WorkerPool;
  readonly #settings: RunSettings;
  readonly #guest: NewProcess;
  readonly #memory: GuestMemory;
  readonly #stdio: Stdio;
  readonly #key = nextKey++;
  readonly #began = performance.now();
  readonly #before: { created: number; reused: number };
  #started = 0;
  #report: EndReport | undefined;
  #ended: () => void = () => undefined;
  readonly #end: Promise<void>;
  #loseInterest: () => void = () => undefined;
  readonly #impatience: Promise<void>;
  #timer: NodeJS.Timeout | undefined;

  /** Starts the program. Throws when its files or its memory cannot be had. */
  constructor(loaded: LoadedModule, pool: WorkerPool, settings: RunSettings) {
    this.#pool = pool;
    this.#settings = settings;
    this.#before = pool.counters;
    this.#guest = createGuestProcess(loaded, settings);
    const { kernel, process } = this.#guest;
    this.#memory = new GuestMemory(this.#guest.memory);
    this.#stdio = new Stdio(kernel, process, settings.stdio);
    this.#end = new Promise((resolve) => {
      this.#ended = resolve;
    });
    this.#impatience = new Promise((resolve) => {
      this.#loseInterest = resolve;
    });
    try {
      installPreopens(this.#guest);
    } catch (error) {
      this.#stdio.close();
      closeGuestProcess(this.#guest);
      throw error;
    }
    this.result = this.#run(loaded);
  }

  /** Ends the run as signal `number` would. */
  kill(number: number): void {
    this.#endByHost(EndKind.SIGNAL, number);
  }

  async #run(loaded: LoadedModule): Promise<RunResult> {
    const release = this.#pool.hold();
    const leavePool = this.#pool.addUser(this.#key, {
      message: (message) => this.#receive(message as HostMessage),
      taskLost: (task, error) => this.#lose(task, error),
    });
    try {
      const { trace: target } = this.#settings;
      const trace = target && { stream: this.#stdio.openTrace(target) };
      const { terminals } = this.#stdio;
      this.#pool.announce(this.#key, {
        type: 'process',
        image: makeImage(this.#key, loaded, this.#guest, this.#settings, { terminals, trace }),
      });
      this.#startMain();
      await this.#end;
      const stuck = await endThreads({ ...this.#guest, memory: this.#memory, pool: this.#pool });
      for (const tid of stuck)
        this.#settings.notice(`thread ${tid} could not be ended; this is a fault of wasix-run`);
      const patience = this.#wasKilled() ? [pause(LAST_WORDS_MS)] : [];
      await Promise.race([this.#stdio.flush(), this.#impatience, ...patience]);
      return this.#result();
    } finally {
      clearTimeout(this.#timer);
      leavePool();
      this.#pool.withdraw(this.#key, { type: 'forget', key: this.#key });
      this.#stdio.close();
      closeGuestProcess(this.#guest);
      release();
    }
  }

  #startMain(): void {
    const record = claimMainThread(this.#guest);
    this.#started = performance.now();
    const { timeout } = this.#settings;
    if (timeout !== undefined) this.#timer = setTimeout(() => this.#endByHost(EndKind.TIMEOUT, 0), timeout);
    const submission = this.#pool.submit([THREAD_TASK, this.#key, record, 0, 1]);
    if (submission !== 'full' && submission !== 'closed') return;
    const why = submission === 'full' ? `all its ${this.#pool.maxSize} workers are busy` : 'it is shut down';
    this.#abandon([record], `the pool "${this.#pool.name}" takes no program: ${why}`);
  }

  #receive(message: HostMessage): void {
    switch (message.type) {
      case 'ended':
        if (message.process !== this.#guest.process) return;
        this.#report ??= message.report;
        this.#ended();
        return;
      case 'stream':
        this.#stdio.serve(message.stream);
        return;
      case 'import':
        this.#report ??= serveImport(this.#guest.kernel, this.#settings.imports, message);
        if (this.#report) this.#endByHost(EndKind.FAULT, 0);
        return;
      case 'notice':
        this.#settings.notice(message.text);
        return;
    }
  }

  #endByHost(kind: EndKind, value: number): void {
    const { kernel, process } = this.#guest;
    // The guest is over already: then it is its output that is not taken, and no longer waited for.
    if (!claimEnd(kernel, process, HOST_OWNER, { kind, value, tid: 0 })) return this.#loseInterest();
    wakeForEnd(kernel, this.#memory, process);
    this.#ended();
  }

  /** A worker is gone with one of our threads: out of memory, or ended by us because its thread ran guest code. */
  #lose(task: Task, error: Error): void {
    if (task[TaskWord.KIND] !== THREAD_TASK || task[TaskWord.KEY] !== this.#key) return;
    if (isEnding(this.#guest.kernel, this.#guest.process)) return;
    this.#abandon([task[TaskWord.RECORD]!], describeLoss(error));
  }

  #abandon(records: number[], message: string): void {
    const { kernel, process } = this.#guest;
    const tid = kernel.words[records[0]! + THREAD.TID]!;
    this.#report ??= { kind: EndKind.FAULT, tid, message, stack: '' };
    claimEnd(kernel, process, HOST_OWNER, { kind: EndKind.FAULT, value: 0, tid });
    for (const record of records) kernel.words[record + THREAD.STATE] = 0;
    wakeForEnd(kernel, this.#memory, process);
    this.#ended();
  }

  /** After a signal or the time limit nobody waits for output that its reader does not take. */
  #wasKilled(): boolean {
    const kind = this.#guest.kernel.words[this.#guest.process + PROCESS.END_KIND];
    return kind === EndKind.SIGNAL || kind === EndKind.TIMEOUT;
  }

  #result(): RunResult {
    const { created, reused } = this.#pool.counters;
    return {
      ...readEnd(this.#guest, this.#report),
      stdout: this.#stdio.result(1),
      stderr: this.#stdio.result(2),
      stats: {
        ...readThreadCounts(this.#guest),
        workersCreated: created - this.#before.created,
        workersReused: reused - this.#before.reused,
        startupMs: this.#started - this.#began,
        runMs: performance.now() - this.#started,
      },
    };
  }
}

function describeLoss(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return 'out of memory: the worker of the thread reached its heap limit';
  return `the worker of the thread was lost: ${error.message}`;
}
