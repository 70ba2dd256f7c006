/** A worker that dies inside the pool's lock blocks nobody: forged words of such a death. */
import { beforeEach, expect, it } from 'vitest';
import { freeLockOf, withPool } from '../../src/pool/lock.js';
import { createPoolWords, POOL, SLOT, SlotState, slotAt, TASK_WORDS } from '../../src/pool/pool-memory.js';
import { claimWorker, removeWorker, reportBoot, submit, takeTask } from '../../src/pool/schedule.js';
import { expectCountersToHold } from './recount.js';

const WAITED_FOR = 0x8000_0000 | 0;

let words: Int32Array;
beforeEach(() => {
  words = createPoolWords(4);
  for (let slot = 0; slot < 3; slot++) claimWorker(words, slot + 1);
  for (let slot = 0; slot < 3; slot++) reportBoot(words, slot, 0);
});

it.each([0, WAITED_FOR])('the lock of a worker that is gone is freed (waited for: %i)', (mark) => {
  words[POOL.LOCK] = (1 + 1) | mark;
  expect(freeLockOf(words, 1)).toBe(true);
  removeWorker(words, 1);
  expectCountersToHold(words);
  expect(words[POOL.LIVE]).toBe(2);
});

it('a lock that is free, or another worker has, is left alone', () => {
  expect(freeLockOf(words, 0)).toBe(false);
  words[POOL.LOCK] = 2 + 1;
  expect(freeLockOf(words, 0)).toBe(false);
  expect(words[POOL.LOCK]).toBe(3);
  expect(freeLockOf(words, 2)).toBe(true);
});

it('the owner of the lock is the thread that has it, with a number that no worker has', () => {
  const owner = withPool(words, () => words[POOL.LOCK]!);
  expect(owner).toBeGreaterThan(words[POOL.MAX]!);
});

it('counters that the dead worker had changed half are counted anew', () => {
  submit(words, [7, 1]);
  words[POOL.LOCK] = 1;
  words[POOL.BUSY]!--;
  words[slotAt(2) + SLOT.STATE] = SlotState.RETIRING;
  freeLockOf(words, 0);
  expectCountersToHold(words);
  expect(removeWorker(words, 0).task.slice(0, 2)).toEqual([7, 1]);
  expectCountersToHold(words);
});

it('all workers are woken, for one may have been given a task and not been told', () => {
  const wakes = () => [0, 1, 2].map((slot) => words[slotAt(slot) + SLOT.WAKE]!);
  const before = wakes();
  words[POOL.LOCK] = 1;
  freeLockOf(words, 0);
  expect(wakes()).toEqual(before.map((count) => count + 1));
});

it('a pending task that the dead worker had begun to take is lost with it, once; the next stays', () => {
  for (let task = 1; task <= 4; task++) submit(words, [7, task]);
  takeTask(words, 0, 0);
  expect(words[POOL.PENDING]).toBe(0);
  submit(words, [7, 5]);
  // Worker 1 has the words of task 5 in its record, and task 5 is still in the ring.
  words[POOL.LOCK] = 2;
  words[POOL.BUSY]!--;
  words.copyWithin(
    slotAt(1) + SLOT.TASK,
    slotAt(4) + words[POOL.PENDING_HEAD]! * TASK_WORDS,
    slotAt(4) + (words[POOL.PENDING_HEAD]! + 1) * TASK_WORDS,
  );
  freeLockOf(words, 1);
  expectCountersToHold(words);
  expect(removeWorker(words, 1)).toMatchObject({ state: SlotState.BUSY, task: [7, 5, 0, 0, 0, 0, 0, 0] });
  expect(words[POOL.PENDING]).toBe(0);
  expectCountersToHold(words);
});

it('the host frees the lock itself when the owner stays dead while it waits', { timeout: 20_000 }, () => {
  words[POOL.LOCK] = 1;
  words[POOL.IDLE]!--;
  const began = performance.now();
  expect(submit(words, [7, 1])).toBe('started');
  expect(performance.now() - began).toBeGreaterThan(3000);
  expectCountersToHold(words);
});
