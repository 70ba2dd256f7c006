/** What the tests of the pool run on its workers, by `ThreadPool.evaluate`. */
import { setTimeout as pause } from 'node:timers/promises';
import { threadId, workerData } from 'node:worker_threads';

/** Number of the worker it runs on. */
export function workerNumber() {
  return workerData.slot;
}

/** Holds the worker until `gate[0]` is not 0; counts itself in `gate[1]`. */
export function hold(gate) {
  Atomics.add(gate, 1, 1);
  Atomics.wait(gate, 0, 0);
  return workerData.slot;
}

export function spin() {
  for (;;);
}

export async function sleep(milliseconds) {
  await pause(milliseconds);
  return workerData.slot;
}

export function add(a, b) {
  return a + b;
}

export function fail(text) {
  throw new RangeError(text);
}

export function endWorker() {
  process.exit(3);
}

export function exhaustHeap() {
  const kept = [];
  for (;;) kept.push(new Array(10_000).fill(kept.length));
}

let left;
/** Leaves an object to be collected. */
export function leaveGarbage() {
  left = new WeakRef(new Array(1000).fill(1));
}

/** Whether it has been. */
export function isCollected() {
  return left.deref() === undefined;
}

let calls = 0;
/** How often this worker has run it: module state lasts as long as the worker. */
export function countCalls() {
  calls += 1;
  return { calls, threadId };
}
