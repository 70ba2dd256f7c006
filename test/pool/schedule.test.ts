/** The rules of the pool on its words alone: no worker, no thread. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createPoolWords, POOL, SLOT, SlotState, slotAt } from '../../src/pool/pool-memory.js';
import {
  cancelPending,
  claimWorker,
  removeWorker,
  reportBoot,
  retireWorker,
  submit,
  takeTask,
} from '../../src/pool/schedule.js';
import { expectCountersToHold, slotsIn } from './recount.js';

const TASK = 7;

let words: Int32Array;
beforeEach(() => {
  words = createPoolWords(4);
});

/** Boots `count` workers in the order of their numbers. */
function boot(count: number): void {
  for (let i = 0; i < count; i++) claimWorker(words, words[POOL.LIVE]! + 1);
  for (const slot of slotsIn(words, SlotState.BOOTING)) reportBoot(words, slot, 0);
}

const finish = (slot: number) => takeTask(words, slot, 0);
const taskOf = (slot: number) => words[slotAt(slot) + SLOT.TASK + 1];

describe('a submitted task', () => {
  it('goes to the lowest-numbered idle worker', () => {
    boot(3);
    for (const task of [10, 11, 12]) expect(submit(words, [TASK, task])).toBe('started');
    finish(2);
    finish(1);
    submit(words, [TASK, 13]);
    expect([taskOf(0), taskOf(1)]).toEqual([10, 13]);
    expect(slotsIn(words, SlotState.IDLE)).toEqual([2]);
  });

  it('is written whole, with zeros for the words left out', () => {
    boot(1);
    submit(words, [1, 2, 3, 4, 5, 6, 7, 8]);
    finish(0);
    submit(words, [9]);
    const at = slotAt(0) + SLOT.TASK;
    expect(Array.from(words.subarray(at, at + 8))).toEqual([9, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('asks for growth when no worker is booting for it', () => {
    expect(submit(words, [TASK, 1])).toBe('grow');
    claimWorker(words, 0);
    expect(submit(words, [TASK, 2])).toBe('grow');
    claimWorker(words, 0);
    claimWorker(words, 3);
    expect(submit(words, [TASK, 3])).toBe('pending');
  });

  it('is refused only when every worker there may be has a task or is promised to one', () => {
    boot(2);
    for (let i = 0; i < 4; i++) expect(submit(words, [TASK, i])).not.toBe('full');
    expect(submit(words, [TASK, 4])).toBe('full');
    expect(words[POOL.PENDING]).toBe(2);
    finish(0);
    expect(submit(words, [TASK, 5])).toBe('grow');
  });

  it('is refused as closed after the pool is', () => {
    boot(1);
    words[POOL.CLOSED] = 1;
    expect(submit(words, [TASK, 1])).toBe('closed');
    expect(claimWorker(words, 4)).toBe(-1);
  });
});

describe('pending tasks', () => {
  it('start first in, first out, on whichever worker comes first', () => {
    boot(1);
    for (const task of [1, 2, 3, 4]) submit(words, [TASK, task]);
    expect(claimWorker(words, 0)).toBe(1);
    finish(0);
    expect(taskOf(0)).toBe(2);
    reportBoot(words, 1, 0);
    expect(words[slotAt(1) + SLOT.STATE]).toBe(SlotState.BUSY);
    expect(taskOf(1)).toBe(3);
    finish(0);
    expect(taskOf(0)).toBe(4);
    expect(words[POOL.PENDING]).toBe(0);
  });

  it('keep their order when the ring wraps round', () => {
    boot(1);
    submit(words, [TASK, 0]);
    const started: (number | undefined)[] = [];
    for (let task = 1; task <= 20; task++) {
      submit(words, [TASK, task]);
      finish(0);
      started.push(taskOf(0));
    }
    expect(started).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('can be taken back, and the others keep their order, across the end of the ring too', () => {
    boot(1);
    submit(words, [TASK, 0]);
    for (let task = 1; task <= 3; task++) {
      submit(words, [TASK, task]);
      finish(0);
    }
    for (const task of [4, 5, 6]) submit(words, [TASK, task]);
    const before = words[POOL.CHANGE];
    expect(cancelPending(words, (task) => task[1] === 5).map((task) => task[1])).toEqual([5]);
    expect(words[POOL.CHANGE]).not.toBe(before);
    expect(words[POOL.PENDING]).toBe(2);
    finish(0);
    expect(taskOf(0)).toBe(4);
    finish(0);
    expect(taskOf(0)).toBe(6);
    expectCountersToHold(words);
  });

  it('that were taken back call for no worker, and leave room for others', () => {
    for (let task = 0; task < 4; task++) submit(words, [TASK, task]);
    expect(submit(words, [TASK, 4])).toBe('full');
    expect(cancelPending(words, () => true)).toHaveLength(4);
    expect(claimWorker(words, 0)).toBe(-1);
    expect(submit(words, [TASK, 5])).toBe('grow');
  });

  it('get a worker in a closed pool too: they were accepted', () => {
    submit(words, [TASK, 1]);
    words[POOL.CLOSED] = 1;
    expect(claimWorker(words, 4)).toBe(0);
    expect(claimWorker(words, 4)).toBe(-1);
  });
});

describe('growth', () => {
  it('takes the lowest free number, and the lowest again when one is gone', () => {
    expect([claimWorker(words, 3), claimWorker(words, 3), claimWorker(words, 3)]).toEqual([0, 1, 2]);
    removeWorker(words, 1);
    expect(claimWorker(words, 3)).toBe(1);
  });

  it('stops at as many workers as are wanted or tasks are pending, and at the maximum', () => {
    expect(claimWorker(words, 0)).toBe(-1);
    claimWorker(words, 1);
    expect(claimWorker(words, 1)).toBe(-1);
    submit(words, [TASK, 1]);
    expect(claimWorker(words, 0)).toBe(-1);
    for (let i = 0; i < 3; i++) submit(words, [TASK, i]);
    expect([claimWorker(words, 0), claimWorker(words, 0), claimWorker(words, 0)]).toEqual([1, 2, 3]);
    expect(claimWorker(words, 99)).toBe(-1);
  });

  it('starts a number that was used before as a new worker', () => {
    boot(1);
    submit(words, [TASK, 1]);
    removeWorker(words, 0);
    boot(1);
    submit(words, [TASK, 2]);
    expect(words[POOL.REUSED]).toBe(0);
    finish(0);
    submit(words, [TASK, 3]);
    expect(words[POOL.REUSED]).toBe(1);
  });
});

describe('retirement', () => {
  it('takes the highest-numbered worker that was idle long enough, down to the core', () => {
    for (let slot = 0; slot < 4; slot++) claimWorker(words, 4);
    for (const [slot, idleAt] of [10, 20, 30, 5].entries()) reportBoot(words, slot, idleAt);
    const retire = () => retireWorker(words, 1, (since) => since <= 20);
    expect(retire()).toBe(3);
    expect(removeWorker(words, 3).state).toBe(SlotState.RETIRING);
    expect(retire()).toBe(1);
    removeWorker(words, 1);
    expect(retire()).toBe(0);
    removeWorker(words, 0);
    expect(retire()).toBe(-1);
    expect(slotsIn(words, SlotState.IDLE)).toEqual([2]);
  });

  it('never takes a busy worker', () => {
    boot(2);
    submit(words, [TASK, 1]);
    submit(words, [TASK, 2]);
    expect(retireWorker(words, 0, () => true)).toBe(-1);
  });

  it('counts those on their way out, so that the core is not undercut', () => {
    boot(3);
    expect(retireWorker(words, 2, () => true)).toBe(2);
    expect(retireWorker(words, 2, () => true)).toBe(-1);
    expectCountersToHold(words);
  });
});

describe('a worker that is gone', () => {
  it('leaves correct counters, and its task is known', () => {
    boot(2);
    submit(words, [TASK, 42]);
    const { state, task } = removeWorker(words, 0);
    expect(state).toBe(SlotState.BUSY);
    expect(task.slice(0, 2)).toEqual([TASK, 42]);
    removeWorker(words, 1);
    expect(removeWorker(words, 1).state).toBe(SlotState.NONE);
    expectCountersToHold(words);
    expect(words[POOL.LIVE]).toBe(0);
  });
});

it('counts started tasks, reuse, created workers and the peak', () => {
  boot(2);
  submit(words, [TASK, 1]);
  submit(words, [TASK, 2]);
  finish(0);
  finish(1);
  submit(words, [TASK, 3]);
  expect([words[POOL.STARTED], words[POOL.REUSED], words[POOL.CREATED], words[POOL.PEAK]]).toEqual([
    3, 1, 2, 2,
  ]);
});
