/**
 * Who gets the next task: the rules of the pool, as changes of its shared words.
 *
 * The lowest-numbered idle worker gets the task. With none idle the task is accepted as pending, first in first
 * out, and goes to whichever comes first: a worker that is released, or a new one that the host creates. A task
 * is accepted only if a worker can exist for it while every busy worker stays busy, so an accepted task always
 * starts; otherwise it is refused at once.
 */
import { withPool } from './lock.js';
import {
  Guard,
  POOL,
  pendingAt,
  SLOT,
  SlotState,
  slotAt,
  TASK_WORDS,
  type Task,
  wakeWorker,
} from './pool-memory.js';

/** What became of a submitted task. `grow` asks the caller to have the host look for workers to create. */
export type Submission = 'started' | 'pending' | 'grow' | 'full' | 'closed';

/** Submits a task; any thread's call. Never waits for a worker or for the host. */
export function submit(words: Int32Array, task: Task): Submission {
  return withPool(words, () => {
    if (words[POOL.CLOSED] === 1) return 'closed';
    const slot = lowestIdle(words);
    if (slot >= 0) {
      writeTask(words, slotAt(slot) + SLOT.TASK, task);
      words[POOL.IDLE]!--;
      startOn(words, slot);
      wakeWorker(words, slot);
      return 'started';
    }
    if (words[POOL.BUSY]! + words[POOL.PENDING]! >= words[POOL.MAX]!) return 'full';
    writeTask(words, pendingAt(words, words[POOL.PENDING_HEAD]! + words[POOL.PENDING]!), task);
    words[POOL.PENDING]!++;
    return words[POOL.PENDING]! > words[POOL.BOOTING]! ? 'grow' : 'pending';
  });
}

/**
 * A new worker reports that it has booted. New workers get their first tasks in the order of their numbers, whichever
 * boots first, so that the same program finds its threads on the same workers in every run.
 */
export function reportBoot(words: Int32Array, slot: number, now: number): void {
  withPool(words, () => {
    words[POOL.BOOTED]!++;
    words[slotAt(slot) + SLOT.STATE] = SlotState.READY;
    words[slotAt(slot) + SLOT.IDLE_AT] = now;
    admitReady(words);
  });
}

/** Gives every booted worker before the first that still boots a task, or makes it idle. */
function admitReady(words: Int32Array): void {
  const max = words[POOL.MAX]!;
  for (let slot = 0; slot < max && words[POOL.BOOTING]! > 0; slot++) {
    const at = slotAt(slot);
    if (words[at + SLOT.STATE] === SlotState.BOOTING) return;
    if (words[at + SLOT.STATE] !== SlotState.READY) continue;
    words[POOL.BOOTING]!--;
    giveTask(words, slot, words[at + SLOT.IDLE_AT]!);
    wakeWorker(words, slot);
  }
}

/** A worker whose task is over asks for its next one; without any it is idle now. */
export function takeTask(words: Int32Array, slot: number, now: number): void {
  withPool(words, () => {
    words[POOL.BUSY]!--;
    giveTask(words, slot, now);
  });
}

function giveTask(words: Int32Array, slot: number, now: number): void {
  const at = slotAt(slot);
  if (words[POOL.PENDING]! > 0) {
    // In this order: a task that has left the ring stands in a record (mend.ts).
    const from = pendingAt(words, words[POOL.PENDING_HEAD]!);
    words.copyWithin(at + SLOT.TASK, from, from + TASK_WORDS);
    words[POOL.PENDING_HEAD] = (words[POOL.PENDING_HEAD]! + 1) % words[POOL.MAX]!;
    words[POOL.PENDING]!--;
    startOn(words, slot);
  } else if (words[POOL.CLOSED] === 1) {
    // No task will ever come. Whoever gave it nothing wakes it, or it looks by itself.
    words[at + SLOT.STATE] = SlotState.RETIRING;
  } else {
    words[at + SLOT.STATE] = SlotState.IDLE;
    words[at + SLOT.IDLE_AT] = now;
    words[POOL.IDLE]!++;
    words[POOL.NO_IDLE] = Math.min(words[POOL.NO_IDLE]!, slot);
  }
  announceChange(words);
}

/**
 * Claims a number for a new worker if a pending task (or `wanted` workers in all) calls for one; else −1. A closed pool
 * still gets workers for the tasks that it accepted.
 */
export function claimWorker(words: Int32Array, wanted: number): number {
  return withPool(words, () => {
    const short =
      words[POOL.PENDING]! > words[POOL.BOOTING]! || (words[POOL.CLOSED] === 0 && words[POOL.LIVE]! < wanted);
    if (!short || words[POOL.LIVE]! >= words[POOL.MAX]!) return -1;
    const slot = lowestInState(words, SlotState.NONE);
    if (slot < 0) return -1;
    words[slotAt(slot) + SLOT.STATE] = SlotState.BOOTING;
    words[slotAt(slot) + SLOT.SERVED] = 0;
    words[slotAt(slot) + SLOT.GUARD] = Guard.INSIDE;
    words[slotAt(slot) + SLOT.RENEWED] = 0;
    words[slotAt(slot) + SLOT.READ] = 0;
    words[slotAt(slot) + SLOT.SENT] = 0;
    words[POOL.LIVE]!++;
    words[POOL.BOOTING]!++;
    words[POOL.CREATED]!++;
    return slot;
  });
}

/** Sends the highest-numbered worker that has been idle since `before` into retirement; −1 when none is due. */
export function retireWorker(words: Int32Array, keep: number, idleFor: (since: number) => boolean): number {
  return withPool(words, () => {
    // Those already on their way out do not count any more.
    if (words[POOL.IDLE]! + words[POOL.BUSY]! + words[POOL.BOOTING]! <= keep) return -1;
    for (let slot = words[POOL.MAX]! - 1; slot >= 0; slot--) {
      const at = slotAt(slot);
      if (words[at + SLOT.STATE] !== SlotState.IDLE || !idleFor(words[at + SLOT.IDLE_AT]!)) continue;
      words[at + SLOT.STATE] = SlotState.RETIRING;
      words[POOL.IDLE]!--;
      wakeWorker(words, slot);
      return slot;
    }
    return -1;
  });
}

/** Takes note that the worker is gone, whatever it was doing; answers its last state and task. */
export function removeWorker(words: Int32Array, slot: number): { state: number; task: Task } {
  return withPool(words, () => {
    const at = slotAt(slot);
    const state = words[at + SLOT.STATE]!;
    const task = Array.from(words.subarray(at + SLOT.TASK, at + SLOT.TASK + TASK_WORDS));
    if (state === SlotState.BOOTING || state === SlotState.READY) words[POOL.BOOTING]!--;
    if (state === SlotState.IDLE) words[POOL.IDLE]!--;
    if (state === SlotState.BUSY) words[POOL.BUSY]!--;
    if (state !== SlotState.NONE) words[POOL.LIVE]!--;
    words[at + SLOT.STATE] = SlotState.NONE;
    admitReady(words);
    announceChange(words);
    return { state, task };
  });
}

/**
 * Takes the pending tasks that `belongs` answers true for out of the ring, and answers them in their order. The others
 * keep theirs.
 */
export function cancelPending(words: Int32Array, belongs: (task: Task) => boolean): Task[] {
  return withPool(words, () => {
    const cancelled: Task[] = [];
    const head = words[POOL.PENDING_HEAD]!;
    const count = words[POOL.PENDING]!;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const at = pendingAt(words, head + i);
      const task = Array.from(words.subarray(at, at + TASK_WORDS));
      if (belongs(task)) cancelled.push(task);
      else words.copyWithin(pendingAt(words, head + kept++), at, at + TASK_WORDS);
    }
    words[POOL.PENDING] = kept;
    if (kept < count) announceChange(words);
    return cancelled;
  });
}

/** Numbers of the workers whose tasks `belongs` answers true for. */
export function workersOf(words: Int32Array, belongs: (task: Task) => boolean): number[] {
  return withPool(words, () => {
    const slots = Array.from({ length: words[POOL.MAX]! }, (_, slot) => slot);
    return slots.filter((slot) => {
      const at = slotAt(slot);
      if (words[at + SLOT.STATE] !== SlotState.BUSY) return false;
      return belongs(Array.from(words.subarray(at + SLOT.TASK, at + SLOT.TASK + TASK_WORDS)));
    });
  });
}

/** Every task that has a worker or waits for one. */
export function acceptedTasks(words: Int32Array): Task[] {
  return withPool(words, () => {
    const max = words[POOL.MAX]!;
    const copy = (at: number): Task => Array.from(words.subarray(at, at + TASK_WORDS));
    const slots = Array.from({ length: max }, (_, slot) => slotAt(slot));
    const busy = slots.filter((at) => words[at + SLOT.STATE] === SlotState.BUSY);
    const waiting = Array.from({ length: words[POOL.PENDING]! }, (_, i) => words[POOL.PENDING_HEAD]! + i);
    return [...busy.map((at) => copy(at + SLOT.TASK)), ...waiting.map((i) => copy(pendingAt(words, i)))];
  });
}

function announceChange(words: Int32Array): void {
  Atomics.add(words, POOL.CHANGE, 1);
  Atomics.notify(words, POOL.CHANGE);
}

function lowestIdle(words: Int32Array): number {
  if (words[POOL.IDLE] === 0) return -1;
  const slot = lowestInState(words, SlotState.IDLE, words[POOL.NO_IDLE]);
  if (slot >= 0) words[POOL.NO_IDLE] = slot;
  return slot;
}

function lowestInState(words: Int32Array, state: number, from = 0): number {
  const max = words[POOL.MAX]!;
  for (let slot = from; slot < max; slot++) {
    if (words[slotAt(slot) + SLOT.STATE] === state) return slot;
  }
  return -1;
}

function writeTask(words: Int32Array, at: number, task: Task): void {
  for (let i = 0; i < TASK_WORDS; i++) words[at + i] = task[i] ?? 0;
}

function startOn(words: Int32Array, slot: number): void {
  const at = slotAt(slot);
  words[at + SLOT.STATE] = SlotState.BUSY;
  words[POOL.BUSY]!++;
  words[POOL.PEAK] = Math.max(words[POOL.PEAK]!, words[POOL.BUSY]!);
  words[POOL.STARTED]!++;
  if (words[at + SLOT.SERVED]!++ > 0) words[POOL.REUSED]!++;
}
