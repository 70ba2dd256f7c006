/**
 * The host's side of the pool: creates workers, retires them, notices when one is gone. It needs its event loop
 * only for that; handing tasks to workers that exist goes through shared words alone (schedule.ts).
 */
import { type MessagePort, Worker } from 'node:worker_threads';
import { Announcements } from './announcements.js';
import { Changes } from './changes.js';
import { Growth } from './growth.js';
import { JOB_TASK, type Job, JobQueue } from './jobs.js';
import { freeLockOf, withPool } from './lock.js';
import { createPoolWords, POOL, SlotState, type Task } from './pool-memory.js';
import { type PoolCounters, type PoolOptions, poolSizing } from './pool-options.js';
import type { Envelope, PoolUser } from './pool-user.js';
import { Retirement } from './retirement.js';
import {
  acceptedTasks,
  cancelPending,
  removeWorker,
  type Submission,
  submit,
  workersOf,
} from './schedule.js';
import { endSoon, terminateWorker } from './termination.js';
import { beginWaiting, type WaitingWorker } from './waiting-worker.js';
import { monotonicMilliseconds, type WorkerStart } from './worker-loop.js';
import { WORKER_OPTIONS } from './worker-options.js';

/** Workers that may fail to boot one after the other before waiting tasks are given up. */
const BOOT_ATTEMPTS = 3;

/** How long users may take to end their tasks at a shutdown, milliseconds. */
const END_MS = 10_000;

export class WorkerPool {
  readonly name: string;
  readonly coreSize: number;
  readonly maxSize: number;
  readonly keepAlive: number;
  readonly words: Int32Array;
  readonly #entry: string;
  #waiting: WaitingWorker | undefined;
  readonly #limits: PoolOptions['resourceLimits'];
  readonly #workers = new Map<number, Worker>();
  readonly #users = new Map<number, PoolUser>();
  readonly #jobs: JobQueue;
  readonly #announcements: Announcements;
  readonly #growth: Growth;
  readonly #retirement: Retirement;
  readonly #changes: Changes;
  #failedBoots = 0;
  /** How many workers had booted when the last one failed to. */
  #bootedBefore = 0;
  #lastError: Error | undefined;

  /** @param entry path of the script that workers run; it calls `serve` of worker-loop.ts. */
  constructor(entry: string, options: PoolOptions = {}) {
    const { name, coreSize, maxSize, keepAlive } = poolSizing(options);
    this.name = name;
    this.coreSize = coreSize;
    this.maxSize = maxSize;
    this.keepAlive = keepAlive;
    this.words = createPoolWords(this.maxSize);
    this.#entry = entry;
    this.#limits = options.resourceLimits;
    this.#announcements = new Announcements(this.words);
    this.#growth = new Growth(this.words, (slot) => this.#create(slot));
    this.#retirement = new Retirement(this.words, this.coreSize, this.keepAlive);
    this.#changes = new Changes(this.words);
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

  /** Takes over a worker that runs the pool's script already: it is the next that would be created. */
  takeOver(waiting: WaitingWorker): void {
    this.#waiting = waiting;
  }

  /** Submits a task from the host thread. */
  submit(task: Task): Submission {
    const submission = submit(this.words, task);
    if (submission === 'grow') this.#growth.now(0);
    return submission;
  }

  /**
   * Takes tasks of the user `key` that no worker has yet back, all or those that `filter` answers true for. Answers them
   * in the order of their submission.
   */
  cancelPending(key: number, filter: (task: Task) => boolean = () => true): Task[] {
    return cancelPending(this.words, (task) => task[0] !== JOB_TASK && task[1] === key && filter(task));
  }

  /** Resolves when `size` workers (default: the core) have booted. */
  async warm(size: number = this.coreSize): Promise<void> {
    const wanted = Math.min(size, this.maxSize);
    this.#growth.now(wanted);
    await this.#growth.done();
    for (;;) {
      const { seen } = this.#changes;
      if (withPool(this.words, () => this.words[POOL.BOOTING]) === 0) break;
      await this.#changes.next(seen);
    }
    if (this.counters.current < wanted && this.#lastError) throw this.#lastError;
  }

  /** Sends `message` to every worker, now and as it is created, until `withdraw(key)`. */
  announce(key: number, message: unknown): void {
    this.#announcements.announce(key, message);
  }

  /** Ends an announcement and sends `message` to those who had it; idle workers take it in after a while. */
  withdraw(key: number, message: unknown): void {
    this.#announcements.withdraw(key, message);
  }

  /** Has `message` ready for workers that need it for a task, until `withdraw(key)`. */
  offer(key: number, message: unknown): void {
    this.#announcements.offer(key, message);
  }

  /** Sends what is offered under `key` to the worker `slot`, whose task waits for it (WorkerDuties.run). */
  deliver(key: number, slot: number): void {
    this.#announcements.deliver(key, slot);
  }

  /** Takes note that the worker `slot` has what is offered under `key` already. */
  credit(key: number, slot: number): void {
    this.#announcements.credit(key, slot);
  }

  /**
   * Ends one worker whatever it is doing; resolves when it is gone. For the owner of its task, who knows that it holds
   * nothing that others wait for.
   */
  async endWorker(slot: number): Promise<void> {
    const worker = this.#workers.get(slot);
    if (worker) await terminateWorker(this.words, slot, worker, () => this.#workers.get(slot) === worker);
  }

  /** Ends the workers that have the tasks of the user `key` that `filter` answers true for; they hold nothing either. */
  async endTasks(key: number, filter: (task: Task) => boolean): Promise<void> {
    const ofUser = (task: Task) => task[0] !== JOB_TASK && task[1] === key && filter(task);
    await Promise.all(workersOf(this.words, ofUser).map((slot) => this.endWorker(slot)));
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
    const began = monotonicMilliseconds();
    for (;;) {
      const { seen } = this.#changes;
      const { busy, pending } = this.counters;
      if (busy === 0 && pending === 0 && this.#jobs.waiting === 0) return true;
      const left = timeout - ((monotonicMilliseconds() - began) | 0);
      if (left <= 0) return false;
      await this.#changes.next(seen, left);
    }
  }

  /** Takes no more tasks; idle workers end, busy ones when their task is done. Returns at once. */
  shutdown(): void {
    withPool(this.words, () => {
      this.words[POOL.CLOSED] = 1;
    });
    this.#retirement.retire(0);
    void this.join().then(() => this.#retirement.retire(0));
  }

  /**
   * `shutdown`, then waits up to `milliseconds` for the tasks. Then those who run something here are asked to end it,
   * and at last what still runs is ended. False if anything did.
   */
  async shutdownJoin(milliseconds = Infinity): Promise<boolean> {
    const release = this.hold();
    this.shutdown();
    const done = await this.join(milliseconds);
    if (!done) await this.#endUsers();
    this.#growth.stop();
    this.#giveUpPending(new Error(`the pool "${this.name}" is shut down`));
    this.#retirement.retire(0);
    const present = (slot: number, worker: Worker) => () => this.#workers.get(slot) === worker;
    await Promise.all(
      [...this.#workers].map(([slot, worker]) => endSoon(this.words, slot, worker, present(slot, worker))),
    );
    this.#retirement.stop();
    this.#announcements.stop();
    release();
    return done;
  }

  /** Asks all users that have tasks to end them. One that takes longer than the bound is not waited for. */
  async #endUsers(): Promise<void> {
    const tasks = acceptedTasks(this.words).filter((task) => task[0] !== JOB_TASK);
    const users = [...new Set(tasks.map((task) => task[1]!))].flatMap((key) => this.#users.get(key) ?? []);
    if (users.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, END_MS);
    });
    await Promise.race([Promise.allSettled(users.map((user) => user.end())), late]);
    clearTimeout(timer);
  }

  /** Keeps the host process alive until the returned function is called: workers by themselves do not. */
  hold(): () => void {
    return this.#changes.hold();
  }

  /** Counts the releases of workers, for `released`. */
  get releases(): number {
    return this.#changes.seen;
  }

  /** Resolves when a worker is released next after `seen` of them. */
  released(seen: number): Promise<void> {
    return this.#changes.next(seen);
  }

  /** A worker asks for growth: it found nobody idle for a task. */
  requestGrowth(): void {
    this.#growth.request();
  }

  #create(slot: number): void {
    const worker = this.#open(slot);
    if (!worker) return;
    let failure: Error | undefined;
    this.#workers.set(slot, worker);
    worker.on('message', (message: unknown) => this.#receive(message));
    worker.on('error', (error: Error) => {
      failure = error;
    });
    worker.on('exit', (code) =>
      this.#gone(slot, failure ?? new Error(`worker ${slot} ended with code ${code}`)),
    );
    // After the listeners: adding one for messages undoes it.
    worker.unref();
    this.#retirement.schedule();
  }

  /**
   * Undefined when the system has no thread left: then it is as with a worker that does not boot, but in a moment,
   * because the caller is still counting workers.
   */
  #open(slot: number): Worker | undefined {
    try {
      return this.#announcements.open(slot, (inbox) => this.#startWorker(slot, inbox));
    } catch (error) {
      setImmediate(() => this.#gone(slot, error as Error));
      return undefined;
    }
  }

  #startWorker(slot: number, inbox: MessagePort): Worker {
    const start: WorkerStart = { pool: this.words, slot, inbox };
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) return beginWaiting(waiting, start);
    return new Worker(this.#entry, {
      ...WORKER_OPTIONS,
      name: `${this.name}-${slot}`,
      workerData: start,
      transferList: [inbox],
      ...(this.#limits ? { resourceLimits: this.#limits } : {}),
    });
  }

  #receive(message: unknown): void {
    if (message === 'grow') return this.requestGrowth();
    if (this.#jobs.receive(message)) return;
    const { key, message: content } = message as Envelope;
    this.#users.get(key)?.message(content);
  }

  #gone(slot: number, error: Error): void {
    this.#workers.delete(slot);
    this.#announcements.close(slot);
    freeLockOf(this.words, slot);
    const { state, task } = removeWorker(this.words, slot);
    if (state === SlotState.BUSY) this.#lose(task, error);
    this.#changes.exited();
    if (state === SlotState.BOOTING) this.#bootFailed(error);
    else this.#growth.now(Math.min(this.coreSize, this.#workers.size + 1));
  }

  /** Tries again for tasks that wait, but not for ever: what keeps one worker from booting may do so to all. */
  #bootFailed(error: Error): void {
    const booted = this.words[POOL.BOOTED]!;
    if (booted !== this.#bootedBefore) this.#failedBoots = 0;
    this.#bootedBefore = booted;
    this.#lastError = error;
    if (++this.#failedBoots >= BOOT_ATTEMPTS) {
      this.#failedBoots = 0;
      this.#giveUpPending(error);
    }
    this.#growth.now(0);
  }

  #giveUpPending(error: Error): void {
    for (const task of cancelPending(this.words, () => true)) this.#lose(task, error);
  }

  #lose(task: Task, error: Error): void {
    if (task[0] === JOB_TASK) this.#jobs.lose(task[1]!, error);
    else this.#users.get(task[1]!)?.taskLost(task, error);
  }
}
