/** Whatever happens in whatever order, the pool's counters stay right and accepted tasks start once, in order. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPoolWords, SLOT, SlotState, slotAt } from '../../src/pool/pool-memory.js';
import { claimWorker, removeWorker, retireWorker, submit, takeTask } from '../../src/pool/schedule.js';
import { expectCountersToHold, slotsIn } from './recount.js';

/** The pool's words with a record of which tasks were accepted and which have started. */
interface Model {
  readonly words: Int32Array;
  readonly accepted: number[];
  readonly started: number[];
}

type Step = (model: Model, choice: number) => void;

function oneOf(slots: readonly number[], choice: number): number | undefined {
  return slots[choice % slots.length];
}

/** A worker that has become busy by this step has started its task. */
function noteStart(model: Model, slot: number): void {
  model.started.push(model.words[slotAt(slot) + SLOT.TASK]!);
}

const steps: Readonly<Record<string, Step>> = {
  submit(model) {
    const task = model.accepted.length + 1;
    const idle = slotsIn(model.words, SlotState.IDLE);
    const submission = submit(model.words, [task]);
    if (submission === 'full') return;
    model.accepted.push(task);
    expect(submission === 'started').toBe(idle.length > 0);
    if (submission === 'started') noteStart(model, idle[0]!);
  },
  claim(model, choice) {
    claimWorker(model.words, choice % 6);
  },
  boot(model, choice) {
    const slot = oneOf(slotsIn(model.words, SlotState.BOOTING), choice);
    if (slot !== undefined && takeTask(model.words, slot, 'boot', choice)) noteStart(model, slot);
  },
  finish(model, choice) {
    const slot = oneOf(slotsIn(model.words, SlotState.BUSY), choice);
    if (slot !== undefined && takeTask(model.words, slot, 'task', choice)) noteStart(model, slot);
  },
  retire(model, choice) {
    retireWorker(model.words, choice % 3, (since) => since <= choice);
  },
  exit(model, choice) {
    const slot = oneOf(slotsIn(model.words, SlotState.RETIRING), choice);
    if (slot !== undefined) removeWorker(model.words, slot);
  },
  crash(model, choice) {
    const states = [SlotState.BOOTING, SlotState.IDLE, SlotState.BUSY];
    const slot = oneOf(
      states.flatMap((state) => slotsIn(model.words, state)),
      choice,
    );
    if (slot !== undefined) removeWorker(model.words, slot);
  },
};

/** Boots and finishes until nothing is left to do: every accepted task must have started by then. */
function drain(model: Model): void {
  for (let slot = claimWorker(model.words, 0); slot >= 0; slot = claimWorker(model.words, 0));
  while (slotsIn(model.words, SlotState.BOOTING).length > 0) steps.boot!(model, 0);
  while (slotsIn(model.words, SlotState.BUSY).length > 0) {
    steps.finish!(model, 0);
    for (let slot = claimWorker(model.words, 0); slot >= 0; slot = claimWorker(model.words, 0));
    while (slotsIn(model.words, SlotState.BOOTING).length > 0) steps.boot!(model, 0);
  }
}

const script = fc.array(fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(1000)), { maxLength: 120 });

it('keeps counters right and starts every accepted task exactly once, in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), script, (max, moves) => {
      const model: Model = { words: createPoolWords(max), accepted: [], started: [] };
      for (const [name, choice] of moves) {
        steps[name]!(model, choice);
        expectCountersToHold(model.words);
      }
      // Workers on their way out hold a place until they are gone.
      while (slotsIn(model.words, SlotState.RETIRING).length > 0) steps.exit!(model, 0);
      drain(model);
      expect(model.started).toEqual(model.accepted);
    }),
    { numRuns: 500 },
  );
});
