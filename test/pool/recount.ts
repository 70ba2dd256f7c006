/** Counting the records of a pool one by one, to hold its counters against. */
import { expect } from 'vitest';
import { POOL, SLOT, SlotState, slotAt } from '../../src/pool/pool-memory.js';

/** Numbers of the workers in `state`. */
export function slotsIn(words: Int32Array, state: number): number[] {
  const slots = Array.from({ length: words[POOL.MAX]! }, (_, slot) => slot);
  return slots.filter((slot) => words[slotAt(slot) + SLOT.STATE] === state);
}

/** The counters are what a look at every record gives, and every accepted task has or can have a worker. */
export function expectCountersToHold(words: Int32Array): void {
  const count = (state: number) => slotsIn(words, state).length;
  const max = words[POOL.MAX]!;
  expect({
    live: words[POOL.LIVE],
    booting: words[POOL.BOOTING],
    idle: words[POOL.IDLE],
    busy: words[POOL.BUSY],
  }).toEqual({
    live: max - count(SlotState.NONE),
    booting: count(SlotState.BOOTING) + count(SlotState.READY),
    idle: count(SlotState.IDLE),
    busy: count(SlotState.BUSY),
  });
  expect(words[POOL.BUSY]! + words[POOL.PENDING]!).toBeLessThanOrEqual(max);
  // A task may wait beside an idle worker only for one of a lower number that is booting.
  const lowestIdle = slotsIn(words, SlotState.IDLE)[0] ?? max;
  const lowestBooting = slotsIn(words, SlotState.BOOTING)[0] ?? max;
  expect(words[POOL.PENDING]! > 0 && lowestIdle < lowestBooting).toBe(false);
  expect(words[POOL.NO_IDLE]).toBeLessThanOrEqual(lowestIdle);
  expect(words[POOL.LOCK]).toBe(0);
}
