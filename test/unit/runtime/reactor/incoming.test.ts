import { expect, it } from 'vitest';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { available, PIPE, RING_BYTES } from '../../../../src/kernel/pipes/pipe.js';
import { incomingRing, makeRings } from '../../../../src/kernel/sockets/rings.js';
import { SOCKET } from '../../../../src/kernel/sockets/socket.js';
import { Incoming, LEAST_ROOM } from '../../../../src/runtime/reactor/incoming.js';

const OWNER = 1;

function connection(): { readonly kernel: KernelMemory; readonly ring: number; readonly incoming: Incoming } {
  const kernel = KernelMemory.create(0);
  const socket = kernel.allocate(SOCKET.WORDS, OWNER);
  makeRings(kernel, socket, OWNER);
  const ring = incomingRing(socket);
  return { kernel, ring, incoming: new Incoming(kernel, ring) };
}

/** Takes the next `count` bytes out of the ring. */
function takeOut(kernel: KernelMemory, ring: number, count: number): Uint8Array {
  const { words, bytes } = kernel;
  const at = words[ring + PIPE.HEAD]! + words[ring + PIPE.SHIFT]!;
  const start = words[ring + PIPE.DATA]! * 4;
  const taken = Uint8Array.from({ length: count }, (_, i) => bytes[start + ((at + i) & (RING_BYTES - 1))]!);
  words[ring + PIPE.HEAD]! += count;
  return taken;
}

/** The same numbers each time. */
function* chances(): Generator<number, never> {
  for (let state = 12345; ; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield state / 2 ** 32;
  }
}

it('keeps 4 MiB in order, whatever comes at once and is taken at once', () => {
  const { kernel, ring, incoming } = connection();
  const next = chances();
  const chance = (below: number) => Math.floor(next.next().value * below);
  let put = 0;
  let taken = 0;
  let wrong = 0;
  let stalls = 0;
  let buffer = incoming.buffer();
  while (taken < 4 * 2 ** 20) {
    // Mostly as much as there is room for, as from a peer that never rests.
    const count = chance(4) === 0 ? 1 + chance(buffer.length) : buffer.length;
    for (let i = 0; i < count; i++) buffer[i] = (put + i) % 251;
    const goesOn = incoming.take(count);
    put += count;
    buffer = incoming.buffer();
    expect(buffer.length).toBeGreaterThan(0);
    const there = available(kernel, ring);
    expect(there).toBe(put - taken);
    // The reactor reads on with LEAST_ROOM or more.
    const least = goesOn ? 0 : Math.max(0, there + LEAST_ROOM - RING_BYTES);
    if (!goesOn) stalls++;
    for (const byte of takeOut(kernel, ring, least + chance(there - least + 1))) {
      if (byte !== taken++ % 251) wrong++;
    }
  }
  expect(wrong).toBe(0);
  expect(stalls).toBeGreaterThan(0);
});

it('has a connection with little to say touch only the start of its ring', () => {
  const { kernel, ring, incoming } = connection();
  const start = kernel.words[ring + PIPE.DATA]! * 4;
  for (let round = 0; round < 10_000; round++) {
    incoming.buffer().fill(1, 0, 64);
    expect(incoming.take(64)).toBe(true);
    takeOut(kernel, ring, 64);
  }
  expect(kernel.bytes.subarray(start, start + RING_BYTES).lastIndexOf(1)).toBe(63);
});
