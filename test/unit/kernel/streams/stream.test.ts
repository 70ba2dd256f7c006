import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import {
  available,
  consume,
  createStream,
  peek,
  pull,
  push,
  RING_BYTES,
  room,
  STREAM,
} from '../../../../src/kernel/streams/stream.js';

/** `length` bytes of a sequence that repeats at no power of two, from its byte `start` on. */
function pattern(start: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (start + i) % 251;
  return bytes;
}

describe('the ring of a stream', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(['HEAD', 'TAIL'] as const)(
    'never seems to hold more than it can while both sides move (after %s)',
    (first) => {
      const kernel = KernelMemory.create(0);
      const stream = createStream(kernel);
      push(kernel, stream, pattern(0, 100));
      // Both sides move on when one of the two words has been looked at.
      const { load } = Atomics;
      const looking = vi.spyOn(Atomics, 'load').mockImplementation(((words: Int32Array, index: number) => {
        const value = load(words, index);
        if (index !== stream + STREAM[first]) return value;
        looking.mockRestore();
        consume(kernel, stream, 100);
        for (let i = 0; i < 3; i++) {
          push(kernel, stream, pattern(0, RING_BYTES));
          consume(kernel, stream, RING_BYTES);
        }
        return value;
      }) as typeof Atomics.load);
      const seen = available(kernel, stream);
      expect(seen).toBeGreaterThanOrEqual(0);
      expect(seen).toBeLessThanOrEqual(RING_BYTES);
    },
  );

  it('gives back the bytes that were put in, in order, whatever the sizes and however often it wraps', () => {
    const sizes = fc.array(fc.tuple(fc.nat({ max: RING_BYTES + 100 }), fc.nat({ max: RING_BYTES + 100 })), {
      maxLength: 40,
      size: 'max',
    });
    fc.assert(
      fc.property(sizes, fc.integer(), (steps, start) => {
        const kernel = KernelMemory.create(0);
        const stream = createStream(kernel);
        // The counters run modulo 2^32: begin anywhere, also just before the end.
        kernel.words[stream + STREAM.HEAD] = start;
        kernel.words[stream + STREAM.TAIL] = start;
        let written = 0;
        let read = 0;
        for (const [put, take] of steps) {
          const source = pattern(written, put);
          const fits = Math.min(put, room(kernel, stream));
          expect(push(kernel, stream, source)).toBe(fits);
          written += fits;
          const target = new Uint8Array(take);
          const expected = Math.min(take, written - read);
          expect(pull(kernel, stream, target)).toBe(expected);
          expect(Buffer.compare(target.subarray(0, expected), pattern(read, expected))).toBe(0);
          read += expected;
          expect(available(kernel, stream)).toBe(written - read);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('keeps peeked bytes until they are consumed', () => {
    const kernel = KernelMemory.create(0);
    const stream = createStream(kernel);
    push(kernel, stream, new Uint8Array([1, 2, 3]));
    const seen = new Uint8Array(3);
    expect(peek(kernel, stream, seen)).toBe(3);
    expect(available(kernel, stream)).toBe(3);
    consume(kernel, stream, 2);
    expect(pull(kernel, stream, seen)).toBe(1);
    expect(seen[0]).toBe(3);
  });
});
