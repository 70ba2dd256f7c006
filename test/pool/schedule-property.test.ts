/** Whatever happens in whatever order, the pool's counters stay right and accepted tasks start once, in order. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
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

/** The pool's words with a record of which tasks were accepted and which have started. */
interface Model {
  readonly words: Int32Array;
  readonly accepted: number[];
  readonly started: number[];
  readonly cancelled: number[];
}

type Step = (model: Model, choice: number) => void;

function oneOf(slots: readonly number[], choice: number): number | undefined {
  return slots[choice % slots.length];
}

/** Takes one step and notes which tasks it has started: the count of each worker tells. */
function take(model: Model, name: string, choice: number): void {
  const { words } = model;
  const served = () => slots(words).map((slot) => words[slotAt(slot) + SLOT.SERVED]!);
  const before = served();
  steps[name]!(model, choice);
  for (const [slot, count] of served().entries())
    if (count > before[slot]!) model.started.push(words[slotAt(slot) + SLOT.TASK]!);
}

function slots(words: Int32Array): number[] {
  return Array.from({ length: words[POOL.MAX]! }, (_, slot) => slot);
}

const steps: Readonly<Record<string, Step>> = {
  submit({ words, accepted }) {
    const task = accepted.length + 1;
    const free = slotsIn(words, SlotState.IDLE).length > 0 && words[POOL.PENDING] === 0;
    const submission = submit(words, [task]);
    expect(submission === 'started').toBe(free);
    if (submission !== 'full') accepted.push(task);
  },
  claim({ words }, choice) {
    claimWorker(words, choice % 6);
  },
  boot({ words }, choice) {
    const slot = oneOf(slotsIn(words, SlotState.BOOTING), choice);
    if (slot !== undefined) reportBoot(words, slot, choice);
  },
  finish({ words }, choice) {
    const slot = oneOf(slotsIn(words, SlotState.BUSY), choice);
    if (slot !== undefined) takeTask(words, slot, choice);
  },
  retire({ words }, choice) {
    retireWorker(words, choice % 3, (since) => since <= choice);
  },
  exit({ words }, choice) {
    const slot = oneOf(slotsIn(words, SlotState.RETIRING), choice);
    if (slot !== undefined) removeWorker(words, slot);
  },
  cancel({ words, cancelled }, choice) {
    const pending = words[POOL.PENDING]!;
    const belongs = (task: number) => ((task * 7 + choice) & 2) === 0;
    const taken = cancelPending(words, (task) => belongs(task[0]!)).map((task) => task[0]!);
    expect(taken).toEqual(taken.filter(belongs).sort((a, b) => a - b));
    expect(words[POOL.PENDING]).toBe(pending - taken.length);
    expect(cancelPending(words, (task) => belongs(task[0]!))).toEqual([]);
    cancelled.push(...taken);
  },
  crash({ words }, choice) {
    const states = [SlotState.BOOTING, SlotState.IDLE, SlotState.BUSY];
    const slot = oneOf(
      states.flatMap((state) => slotsIn(words, state)),
      choice,
    );
    if (slot !== undefined) removeWorker(words, slot);
  },
};

/** What a host does: creates workers while tasks call for them, and all work to its end. */
function drain(model: Model): void {
  const { words } = model;
  // Workers on their way out hold a place until they are gone.
  while (slotsIn(words, SlotState.RETIRING).length > 0) take(model, 'exit', 0);
  do {
    for (let slot = claimWorker(words, 0); slot >= 0; slot = claimWorker(words, 0));
    while (slotsIn(words, SlotState.BOOTING).length > 0) take(model, 'boot', 0);
    if (slotsIn(words, SlotState.BUSY).length > 0) take(model, 'finish', 0);
  } while (slotsIn(words, SlotState.BUSY).length > 0);
}

const script = fc.array(fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(1000)), {
  maxLength: 120,
  size: 'max',
});

it('keeps counters right and starts every accepted task that is not taken back exactly once, in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), script, (max, moves) => {
      const model: Model = { words: createPoolWords(max), accepted: [], started: [], cancelled: [] };
      for (const [name, choice] of moves) {
        take(model, name, choice);
        expectCountersToHold(model.words);
      }
      drain(model);
      expect(model.started).toEqual(model.accepted.filter((task) => !model.cancelled.includes(task)));
    }),
    { numRuns: 500 },
  );
});
