/** Checkpoints live as long as a copy of their key does, and no longer. */
import { expect, test } from 'vitest';
import { GuestMemory } from '../../../../../src/kernel/memory/guest-memory.js';
import type { Continuation } from '../../../../../src/kernel/threads/stack-switch.js';
import { Checkpoints } from '../../../../../src/runtime/thread/stack/checkpoints.js';

const MAX_PAGES = 4;

function sharedMemory(): { memory: WebAssembly.Memory; guest: GuestMemory } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
  return { memory, guest: new GuestMemory(memory) };
}

function continuation(frames = new Uint8Array(200), activation = 1): Continuation {
  return { activation, frames, globals: { __stack_pointer: 4096 } };
}

/** Makes checkpoints that nothing refers to. */
function makeMany(points: Checkpoints, count: number): void {
  for (let i = 0; i < count; i++) {
    points.keep(continuation());
    points.collect();
  }
}

test('many checkpoints without a trace in memory take bounded room', () => {
  const { guest } = sharedMemory();
  const points = new Checkpoints(guest);
  let most = 0;
  for (let i = 0; i < 20; i++) {
    makeMany(points, 1000);
    most = Math.max(most, points.size);
  }
  expect(most).toBeLessThan(4000);
});

test.each([64, 4097, 0x1fff0])('a key at %i in memory keeps its checkpoint', (address) => {
  const { memory, guest } = sharedMemory();
  const points = new Checkpoints(guest);
  const key = points.keep(continuation());
  // As another thread may do it: this thread's view has not seen the new page.
  memory.grow(1);
  new Uint8Array(memory.buffer).set(key, address);
  makeMany(points, 10_000);
  expect(points.find(key)?.globals).toEqual({ __stack_pointer: 4096 });
});

test('a key in the frames of a checkpoint that is kept keeps its own', () => {
  const { guest } = sharedMemory();
  const points = new Checkpoints(guest);
  const inner = points.keep(continuation());
  const frames = new Uint8Array(64);
  frames.set(inner, 13);
  const outer = points.keep(continuation(frames));
  guest.write(1000, outer);
  makeMany(points, 10_000);
  expect(points.find(outer)).toBeDefined();
  expect(points.find(inner)).toBeDefined();
  guest.clear(1000, outer.length);
  makeMany(points, 10_000);
  expect(points.find(inner)).toBeUndefined();
});

test('a key is known as a whole only', () => {
  const points = new Checkpoints(sharedMemory().guest);
  const key = points.keep(continuation());
  for (let i = 0; i < key.length; i++) {
    const other = key.slice();
    other[i]! ^= 1;
    expect(points.find(other)).toBeUndefined();
  }
});

test('what was inherited is found by the same keys, and new keys are others', () => {
  const parent = new Checkpoints(sharedMemory().guest);
  const keys = [parent.keep(continuation()), parent.keep(continuation())];
  const child = new Checkpoints(sharedMemory().guest, structuredClone(parent.list()));
  for (const key of keys) expect(child.find(key)).toBeDefined();
  const own = child.keep(continuation());
  for (const key of keys) expect(child.find(key)).not.toBe(child.find(own));
  expect(parent.find(own)).toBeUndefined();
});

test('those of an activation go with it', () => {
  const points = new Checkpoints(sharedMemory().guest);
  const outer = points.keep(continuation(undefined, 1));
  const inner = points.keep(continuation(undefined, 2));
  points.dropActivation(2);
  expect(points.find(inner)).toBeUndefined();
  expect(points.find(outer)).toBeDefined();
});
