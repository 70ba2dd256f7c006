/**
 * The host's side of the pool: creates workers, retires them, notices when one is gone. It needs its event loop
 * only for that; handing tasks to workers that exist goes through shared words alone (schedule.ts).
 */
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { JOB_TASK, type Job, JobQueue } from './jobs.js';
import { withPool } from './lock.js';
import { createPoolWords, Guard, POOL, SLOT, SlotState, slotAt, type Task } from './pool-memory.js';
import {
  claimWorker,
  dropPending,
  removeWorker,
  retireWorker,
  type Submission,
  submit,
  wakeWorker,
} from './schedule.js';
import { monotonicMilliseconds } from './worker-loop.js';

/** Sizing of a pool. */
export interface PoolOptions {
  /** Prefix of the workers' names; they are called `{name}-{number}`. Default `wasix-run`. */
  readonly name?: string;
  /** Workers that are kept although idle. They are created when first needed, or by `warm`. Default 0. */
  readonly coreSize?: number;
  /** Most workers at once. A task past this is refused. Default 1024. */
  readonly maxSize?: number;
  /** Milliseconds after which an idle worker above the core ends. Default 60,000. */
  readonly keepAlive?: number;
  /** Heap limits of each worker, as for `node:worker_threads`. */
  readonly resourceLimits?: WorkerOptions['resourceLimits'];
}

/** Counters of a pool at one moment. */
export interface PoolCounters {
  /** Workers that exist. */
  readonly current: number;
  /** Workers without a task. */
  readonly idle: number;
  /** Workers with a task. */
  readonly busy: number;
  /** Tasks accepted that no worker has yet. */
  readonly pending: number;
  /** Workers created since the pool was made. */
  readonly created: number;
  /** Tasks started. */
  readonly started: number;
  /** Tasks started on a worker that had run one before. */
  readonly reused: number;
  /** Most busy workers at once. */
  readonly peak: number;
}

/** A worker's message to one of the pool's users. */
export interface Envelope {
  readonly key: number;
  readonly message: unknown;
}

/** What a user of a pool gets to know. */
export interface PoolUser {
  /** A worker has sent a message with this user's key. */
  message(message: unknown): void;
  /** The worker that ran `task` is gone (out of memory, crash, `endWorker`). */
  taskLost(task: Task, error: Error): void;
}

/** Workers that may fail to boot one after the other before waiting tasks are given up. */
const BOOT_ATTEMPTS = 3;

export class WorkerPool {
  readonly name: string;
  readonly coreSize: number;
  readonly maxSize: number;
  readonly keepAlive: number;
  readonly words: Int32Array;
  readonly #entry: string;
  readonly #limits: WorkerOptions['resourceLimits'];
  readonly #workers = new Map<number, Worker>();
  readonly #standing = new Map<number, unknown>();
  readonly #users = new Map<number, PoolUser>();
  readonly #jobs: JobQueue;
  readonly #exits = new Set<() => void>();
  #retirement: NodeJS.Timeout | undefined;
  #growth: NodeJS.Timeout | undefined;
  #holds = 0;
  #holder: NodeJS.Timeout | undefined;
  #failedBoots = 0;
  #lastError: Error | undefined;

  /** @param entry path of the script that workers run; it calls `serve` of worker-loop.ts. */
  constructor(entry: string, options: PoolOptions = {}) {
    this.name = options.name ?? 'wasix-run';
    this.coreSize = count('coreSize', options.coreSize ?? 0, 0);
    this.maxSize = count('maxSize', options.maxSize ?? Math.max(1024, this.coreSize), 1);
    this.keepAlive = count('keepAlive', options.keepAlive ?? 60_000, 0);
    if (this.coreSize > this.maxSize) {
      throw new RangeError(`coreSize ${this.coreSize} is larger than maxSize ${this.maxSize}`);
    }
    this.words = createPoolWords(this.maxSize);
    this.#entry = entry;
    this.#limits = options.resourceLimits;
    this.#jobs = new JobQueue(this);
  }

  get counters(): PoolCounters {
    const { words } = this;
    return withPool(words, () => ({
      current: words[POOL.LIVE]!,
      idle: words[POOL.IDLE]!,
      busy: words[POOL.BUSY]!,
      pending: words[POOL.PENDING]!,
      created: words[POOL.CREATED]!,
      started: words[POOL.STARTED]!,
      reused: words[POOL.REUSED]!,
      peak: words[POOL.PEAK]!,
    }));
  }

  /** Adds the user with this key (second word of its tasks); answers the function that removes it. */
  addUser(key: number, user: PoolUser): () => void {
    this.#users.set(key, user);
    return () => this.#users.delete(key);
  }

  /** Submits a task from the host thread. */
  submit(task: Task): Submission {
    const submission = submit(this.words, task);
    if (submission === 'grow') this.#grow(0);
    return submission;
  }

  /** Resolves when `size` workers (default: the core) have booted. */
  async warm(size: number = this.coreSize): Promise<void> {
    this.#grow(Math.min(size, this.maxSize));
    while (withPool(this.words, () => this.words[POOL.BOOTING]! > 0)) await this.#change();
    if (this.counters.current < Math.min(size, this.maxSize) && this.#lastError) throw this.#lastError;
  }

  /** Sends `message` to every worker, now and as it is created, until `withdraw(key)`. */
  announce(key: number, message: unknown): void {
    this.#standing.set(key, message);
    for (const worker of this.#workers.values()) worker.postMessage(message);
  }

  /** Ends an announcement and sends `message` to those who had it; idle workers take it in at once. */
  withdraw(key: number, message: unknown): void {
    this.#standing.delete(key);
    for (const [slot, worker] of this.#workers) {
      worker.postMessage(message);
      wakeWorker(this.words, slot);
    }
  }

  /** Sends `message` to one worker, which reads it when it next wakes. */
  post(slot: number, message: unknown): void {
    this.#workers.get(slot)?.postMessage(message);
  }

  /** Ends one worker whatever it is doing; resolves when it is gone. */
  async endWorker(slot: number): Promise<void> {
    const worker = this.#workers.get(slot);
    if (worker) await this.#terminate(slot, worker);
  }

  /** Terminates a worker, but not inside the pool's lock (Guard). */
  async #terminate(slot: number, worker: Worker): Promise<void> {
    const guard = slotAt(slot) + SLOT.GUARD;
    while (this.#workers.get(slot) === worker) {
      const seen = Atomics.compareExchange(this.words, guard, Guard.OUTSIDE, Guard.CONDEMNED);
      if (seen !== Guard.INSIDE) {
        await worker.terminate();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async #ended(slot: number, worker: Worker): Promise<void> {
    const timer = setTimeout(() => void this.#terminate(slot, worker), GRACE_MS);
    await new Promise((resolve) => worker.once('exit', resolve));
    clearTimeout(timer);
  }

  /**
   * Runs `exportName` of the module at `url` with `args` on a worker; jobs beyond the size of the pool wait
   * their turn. Arguments and result are structured clones.
   */
  evaluate<T>(job: Job): Promise<T> {
    return this.#jobs.evaluate<T>(job);
  }

  /** Resolves when no task is running or waiting, at once if so already. The pool stays usable. */
  async join(timeout = Infinity): Promise<boolean> {
    const deadline = performance.now() + timeout;
    for (;;) {
      const seen = Atomics.load(this.words, POOL.CHANGE);
      const { busy, pending } = this.counters;
      if (busy === 0 && pending === 0 && this.#jobs.waiting === 0) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await this.#change(seen, left);
    }
  }

  /** Takes no more tasks; idle workers end, busy ones when their task is done. Returns at once. */
  shutdown(): void {
    withPool(this.words, () => {
      this.words[POOL.CLOSED] = 1;
    });
    this.#retire(0);
    void this.join().then(() => this.#retire(0));
  }

  /** `shutdown`, then waits up to `milliseconds` for the tasks, then ends what still runs. False if any did. */
  async shutdownJoin(milliseconds = Infinity): Promise<boolean> {
    const release = this.hold();
    this.shutdown();
    const done = await this.join(milliseconds);
    this.#retire(0);
    await Promise.all([...this.#workers].map(([slot, worker]) => this.#ended(slot, worker)));
    this.#stopTimers();
    release();
    return done;
  }

  /** Keeps the host process alive until the returned function is called: workers by themselves do not. */
  hold(): () => void {
    if (this.#holds++ === 0) this.#holder = setInterval(() => undefined, 0x7fff_ffff);
    let held = true;
    return () => {
      if (held && --this.#holds === 0) clearInterval(this.#holder);
      held = false;
    };
  }

  /** Resolves when a worker is released next. */
  released(): Promise<void> {
    return this.#change();
  }

  /**
   * A worker asks for growth: it found nobody idle for a task. A thread that is just ending frees its worker within
   * microseconds, often before this message arrives; only when nothing else runs is it certain that the task needs a
   * new worker. As long as workers are being released, the task is left to one of them, within a bound.
   */
  requestGrowth(): void {
    if (this.counters.busy <= 1) return this.#grow(0);
    this.#growth ??= this.#growLater(RELEASING_ROUNDS);
  }

  #releases(): number {
    return Atomics.load(this.words, POOL.CHANGE);
  }

  #growLater(rounds: number): NodeJS.Timeout {
    const seen = this.#releases();
    return setTimeout(() => {
      this.#growth = undefined;
      const releasing = this.counters.pending > 0 && this.#releases() !== seen;
      if (releasing && rounds > 0) this.#growth = this.#growLater(rounds - 1);
      else this.#grow(0);
    }, RELEASING_MS);
  }

  #grow(wanted: number): void {
    for (let slot = claimWorker(this.words, wanted); slot >= 0; slot = claimWorker(this.words, wanted)) {
      this.#create(slot);
    }
  }

  #create(slot: number): void {
    const worker = new Worker(this.#entry, {
      name: `${this.name}-${slot}`,
      workerData: { pool: this.words, slot, standing: [...this.#standing.values()] },
      // A descriptor opened by one guest thread belongs to all of them and outlives its worker.
      trackUnmanagedFds: false,
      execArgv: [],
      env: {},
      stdin: false,
      // Not to capture anything, guests write to descriptors: without these Node sets up its own streams on the host's
      // descriptors 1 and 2 for each worker, which takes long and makes pipes non-blocking for their other users.
      stdout: true,
      stderr: true,
      ...(this.#limits ? { resourceLimits: this.#limits } : {}),
    });
    let failure: Error | undefined;
    this.#workers.set(slot, worker);
    worker.on('online', () => {
      this.#failedBoots = 0;
    });
    worker.on('message', (message: unknown) => this.#receive(message));
    worker.on('error', (error: Error) => {
      failure = error;
    });
    worker.on('exit', (code) =>
      this.#gone(slot, failure ?? new Error(`worker ${slot} ended with code ${code}`)),
    );
    // After the listeners: adding one for messages undoes it.
    worker.unref();
    this.#scheduleRetirement();
  }

  #receive(message: unknown): void {
    if (message === 'grow') return this.requestGrowth();
    if (this.#jobs.receive(message)) return;
    const { key, message: content } = message as Envelope;
    this.#users.get(key)?.message(content);
  }

  #gone(slot: number, error: Error): void {
    this.#workers.delete(slot);
    const { state, task } = removeWorker(this.words, slot);
    if (state === SlotState.BOOTING || state === SlotState.READY) {
      this.#lastError = error;
      if (++this.#failedBoots >= BOOT_ATTEMPTS) this.#giveUpPending(error);
    }
    if (state === SlotState.BUSY) this.#lose(task, error);
    for (const wake of this.#exits) wake();
    this.#grow(this.#failedBoots === 0 ? Math.min(this.coreSize, this.#workers.size + 1) : 0);
  }

  #giveUpPending(error: Error): void {
    for (let task = dropPending(this.words); task; task = dropPending(this.words)) this.#lose(task, error);
    this.#failedBoots = 0;
  }

  #lose(task: Task, error: Error): void {
    if (task[0] === JOB_TASK) this.#jobs.lose(task[1]!, error);
    else this.#users.get(task[1]!)?.taskLost(task, error);
  }

  #scheduleRetirement(): void {
    if (this.#retirement || this.#workers.size <= this.coreSize) return;
    this.#retirement = setTimeout(
      () => {
        this.#retirement = undefined;
        this.#retire(this.keepAlive);
        this.#scheduleRetirement();
      },
      Math.max(10, this.keepAlive / 2),
    );
    this.#retirement.unref();
  }

  #retire(idleFor: number): void {
    const now = monotonicMilliseconds();
    const keep = this.words[POOL.CLOSED] === 1 ? 0 : this.coreSize;
    while (retireWorker(this.words, keep, (since) => ((now - since) | 0) >= idleFor) >= 0);
  }

  /** Resolves at the next release of a worker, the next exit, or after `timeout` milliseconds. */
  async #change(seen = Atomics.load(this.words, POOL.CHANGE), timeout = Infinity): Promise<void> {
    const release = this.hold();
    let wake: () => void = () => undefined;
    const exit = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#exits.add(wake);
    const waited = Atomics.waitAsync(this.words, POOL.CHANGE, seen, Math.min(timeout, 0x7fff_ffff));
    await Promise.race([waited.value, exit]);
    this.#exits.delete(wake);
    release();
  }

  #stopTimers(): void {
    clearTimeout(this.#retirement);
    clearTimeout(this.#growth);
  }
}

/** Growth waits for workers being released: in steps of this length, this often at most. */
const RELEASING_MS = 5;
const RELEASING_ROUNDS = 4;

/** How long a worker that was told to end may take before it is terminated. */
const GRACE_MS = 100;

function count(option: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new RangeError(`${option} must be a whole number of at least ${least}, not ${value}`);
}
