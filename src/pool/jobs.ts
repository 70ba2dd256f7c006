/** Jobs of `evaluate`: host work on pool workers, queued first in first out when all are busy. */
import { pathToFileURL } from 'node:url';

/** First word of a task that is a job; all other tasks are the owner's of the pool. */
export const JOB_TASK = 1;

/** What a job asks for: a function exported by a module, called with clones of `args`. */
export interface Job {
  readonly url: string;
  readonly exportName?: string;
  readonly args?: readonly unknown[];
}

/** Message to a worker: what the job with this id is. */
export interface JobMessage {
  readonly type: 'job';
  readonly id: number;
  readonly job: Job;
}

/** Message from a worker: what became of the job. */
export interface JobDone {
  readonly type: 'job-done';
  readonly id: number;
  readonly value?: unknown;
  readonly error?: unknown;
}

interface Waiting {
  readonly id: number;
  readonly job: Job;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What the queue needs of its pool. */
export interface JobRunner {
  readonly name: string;
  hold(): () => void;
  announce(key: number, message: JobMessage): void;
  withdraw(key: number, message: unknown): void;
  submit(task: readonly number[]): string;
  readonly releases: number;
  released(seen: number): Promise<void>;
}

export class JobQueue {
  readonly #pool: JobRunner;
  readonly #running = new Map<number, Waiting>();
  readonly #queue: Waiting[] = [];
  #nextId = 1;
  #pumping = false;

  constructor(pool: JobRunner) {
    this.#pool = pool;
  }

  /** Jobs that no worker has yet. */
  get waiting(): number {
    return this.#queue.length;
  }

  async evaluate<T>(job: Job): Promise<T> {
    // What cannot be sent to a worker is refused here, before anybody waits for it. It may be sent late, and more than
    // once: what the caller makes of its arguments meanwhile is not the job's.
    const { url, ...asked } = structuredClone(job);
    const absolute = { ...asked, url: url.startsWith('file:') ? url : pathToFileURL(url).href };
    const release = this.#pool.hold();
    const result = new Promise((resolve, reject) => {
      this.#queue.push({ id: this.#nextId++, job: absolute, resolve, reject });
    });
    void this.#pump();
    return result.finally(release) as Promise<T>;
  }

  /** Takes in a worker's message if it is about a job. */
  receive(message: unknown): boolean {
    if (!isJobDone(message)) return false;
    const job = this.#running.get(message.id);
    this.#running.delete(message.id);
    this.#pool.withdraw(-message.id, { type: 'job-over', id: message.id });
    if ('error' in message) job?.reject(message.error);
    else job?.resolve(message.value);
    return true;
  }

  lose(id: number, error: Error): void {
    this.#running.get(id)?.reject(error);
    this.#running.delete(id);
    this.#pool.withdraw(-id, { type: 'job-over', id });
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      const message: JobMessage = { type: 'job', id: next.id, job: next.job };
      this.#pool.announce(-next.id, message);
      const { releases } = this.#pool;
      const submission = this.#pool.submit([JOB_TASK, next.id]);
      if (submission === 'closed') {
        next.reject(new Error(`the pool "${this.#pool.name}" is shut down`));
      } else if (submission === 'full') {
        await this.#pool.released(releases);
        continue;
      } else {
        this.#running.set(next.id, next);
      }
      this.#queue.shift();
    }
    this.#pumping = false;
  }
}

function isJobDone(message: unknown): message is JobDone {
  return typeof message === 'object' && message !== null && (message as JobDone).type === 'job-done';
}
