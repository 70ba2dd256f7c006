/**
 * The life of a pool worker, in the worker: boot, take a task, run it, park, again.
 *
 * Who talks to whom: whoever submits a task writes it into the worker's record and wakes it (schedule.ts); the
 * host sends objects that cannot live in shared words as messages, which a worker reads whenever it wakes. A
 * parked worker does not turn its event loop, so messages are read synchronously.
 */
import type { MessagePort } from 'node:worker_threads';
import { InboxReader } from './inbox.js';
import { ownPoolLockAs } from './lock.js';
import { Guard, SLOT, SlotState, slotAt, TASK_WORDS } from './pool-memory.js';
import { reportBoot, takeTask } from './schedule.js';

/** What a worker is created with, or told later (waiting-worker.ts). */
export interface WorkerStart {
  readonly pool: Int32Array;
  readonly slot: number;
  readonly inbox: MessagePort;
}

/** What the owner of the pool has its workers do. */
export interface WorkerDuties {
  /** Takes in a message of the host. */
  receive(message: unknown): void | Promise<void>;
  /**
   * Runs a task to its end. What it answers is called when the worker is already free for the next task, and may
   * make the end of this one known. Undefined: what the task needs has not arrived yet, and it is to be asked again
   * when the worker is woken and has read its messages.
   */
  run(task: Int32Array): (() => void) | Promise<() => void> | undefined;
  /** Gets ready for the next task, before the worker parks. */
  prepare(): void;
  /** Gives back what it can do without: no task has come for a while. */
  rest(): void;
}

/** How long a worker is idle before it rests, milliseconds. */
const REST_MS = 1000;
/** Each a little later than the one before, so that a large pool does not rest all at once. */
const REST_STEP_MS = 10;

export function monotonicMilliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return (seconds * 1000 + Math.floor(nanoseconds / 1e6)) | 0;
}

/** Serves tasks until the worker is retired. */
export async function serve(
  { pool: words, slot, inbox: firstInbox }: WorkerStart,
  port: MessagePort,
  duties: WorkerDuties,
): Promise<void> {
  const at = slotAt(slot);
  const task = words.subarray(at + SLOT.TASK, at + SLOT.TASK + TASK_WORDS);
  const inbox = new InboxReader(words, slot, port, firstInbox);
  ownPoolLockAs(slot);
  // What comes now may be code of others, which need not have an end.
  leavePool(words, at);
  for (let message = inbox.next(); message !== undefined; message = inbox.next()) {
    await duties.receive(message);
  }
  enterPool(words, at);
  reportBoot(words, slot, monotonicMilliseconds());
  leavePool(words, at);
  let rested = false;
  for (;;) {
    const seen = Atomics.load(words, at + SLOT.WAKE);
    // The state is read before the messages: what a task needs was sent before the task was submitted.
    const state = Atomics.load(words, at + SLOT.STATE);
    for (let message = inbox.next(); message !== undefined; message = inbox.next()) {
      const taken = duties.receive(message);
      if (taken) await taken;
    }
    if (state === SlotState.RETIRING) return;
    if (state === SlotState.BUSY) {
      const run = duties.run(task);
      if (!run) {
        Atomics.wait(words, at + SLOT.WAKE, seen);
        continue;
      }
      const announceEnd = typeof run === 'function' ? run : await run;
      enterPool(words, at);
      takeTask(words, slot, monotonicMilliseconds());
      announceEnd();
      leavePool(words, at);
      rested = false;
      continue;
    }
    duties.prepare();
    const closing = inbox.closing;
    if (closing) await closing;
    const patience = rested ? Number.POSITIVE_INFINITY : REST_MS + slot * REST_STEP_MS;
    if (Atomics.wait(words, at + SLOT.WAKE, seen, patience) !== 'timed-out') continue;
    duties.rest();
    rested = true;
  }
}

function enterPool(words: Int32Array, at: number): void {
  if (Atomics.compareExchange(words, at + SLOT.GUARD, Guard.OUTSIDE, Guard.INSIDE) === Guard.OUTSIDE) return;
  for (;;) Atomics.wait(words, at + SLOT.GUARD, Guard.CONDEMNED);
}

function leavePool(words: Int32Array, at: number): void {
  Atomics.store(words, at + SLOT.GUARD, Guard.OUTSIDE);
}
