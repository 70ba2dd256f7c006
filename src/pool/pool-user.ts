/** What those who run something on a pool and the pool know of each other. */
import type { Task } from './pool-memory.js';

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
  /** Ends what runs here for this user. Resolves when none of its tasks is left; the pool does not wait for ever. */
  end(): Promise<void>;
}
