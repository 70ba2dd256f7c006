import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { Failure } from '../../../../src/kernel/failure.js';
import { GuestMemory } from '../../../../src/kernel/memory/guest-memory.js';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { lock, unlock } from '../../../../src/kernel/memory/lock.js';
import {
  available,
  closeReader,
  closeWriter,
  createPair,
  createPipe,
  dropEnd,
  isClosed,
  PIPE,
  PIPE_BUF,
  RING_BYTES,
  room,
  shutWriter,
} from '../../../../src/kernel/pipes/pipe.js';
import { Mode, readPipe, writePipe } from '../../../../src/kernel/pipes/transfer.js';
import { GuestThread, type ProcessView } from '../../../../src/kernel/threads/guest-thread.js';

const OWNER = 1;
const IOVECS = 64;
const SOURCE = 0x10000;
const TARGET = 0x40000;

/** A thread that never waits, with four segments of 64 KiB for its buffers. */
function makeThread(): GuestThread {
  const memory = new GuestMemory(new WebAssembly.Memory({ initial: 8, maximum: 8, shared: true }));
  const thread = new GuestThread({ kernel: KernelMemory.create(0), memory, process: 0 } as ProcessView);
  thread.owner = OWNER;
  return thread;
}

/** The buffers of a call: `length` bytes at `start`, cut into pieces of `piece` bytes. */
function buffers({ memory, vectors }: GuestThread, start: number, length: number, piece: number) {
  let count = 0;
  for (let done = 0; done < length; done += piece) {
    memory.setU32(IOVECS + count * 8, start + done);
    memory.setU32(IOVECS + count * 8 + 4, Math.min(piece, length - done));
    count++;
  }
  return vectors.load(IOVECS, count);
}

/** What a call answers: bytes, or the errno negative. */
function answer(call: () => number): number {
  try {
    return call();
  } catch (error) {
    if (error instanceof Failure) return -error.errno;
    throw error;
  }
}

/** Has `happen` happen once, just before the lock at `word` is taken. */
function beforeLocked(word: number, happen: () => void) {
  const exchange = Atomics.compareExchange as (...args: unknown[]) => never;
  const once = vi.fn(happen);
  vi.spyOn(Atomics, 'compareExchange').mockImplementation((...args) => {
    if (args[1] === word && once.mock.calls.length === 0) once();
    return exchange(...args);
  });
  return once;
}

afterEach(() => {
  vi.restoreAllMocks();
});

function patterned(start: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (start + i) % 251);
}

describe('a pipe', () => {
  it('gives back what was written, in order, whatever the sizes, buffers and alignments', () => {
    const size = fc.oneof(fc.nat({ max: 64 }), fc.nat({ max: RING_BYTES + 100 }));
    const step = fc.record({
      put: size,
      take: size,
      piece: fc.integer({ min: 500, max: 9000 }),
      off: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), fc.integer(), (steps, start) => {
        const thread = makeThread();
        const { kernel, memory } = thread;
        const pipe = createPipe(kernel, OWNER);
        // The counters run modulo 2^32: begin anywhere, also just before the end.
        kernel.words[pipe + PIPE.HEAD] = start;
        kernel.words[pipe + PIPE.TAIL] = start;
        let written = 0;
        let read = 0;
        for (const { put, take, piece, off } of steps) {
          memory.bytes.set(patterned(written, put), SOURCE + off);
          const fits = RING_BYTES - (written - read);
          const expected = put <= PIPE_BUF && put > fits ? 0 : Math.min(put, fits);
          const wrote = answer(() =>
            writePipe(thread, pipe, buffers(thread, SOURCE + off, put, piece), Mode.NONBLOCK),
          );
          expect(wrote).toBe(expected === 0 && put > 0 ? -Errno.AGAIN : expected);
          written += expected;
          const there = Math.min(take, written - read);
          const got = answer(() =>
            readPipe(thread, pipe, buffers(thread, TARGET + off * 3, take, piece), Mode.NONBLOCK),
          );
          expect(got).toBe(there === 0 && take > 0 ? -Errno.AGAIN : there);
          const bytes = memory.bytes.slice(TARGET + off * 3, TARGET + off * 3 + there);
          expect(Buffer.compare(bytes, patterned(read, there))).toBe(0);
          read += there;
          expect(available(kernel, pipe)).toBe(written - read);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('begins anew where copying is fast when it is empty, and not otherwise', () => {
    const thread = makeThread();
    const pipe = createPipe(thread.kernel, OWNER);
    const write = (at: number, length: number) =>
      writePipe(thread, pipe, buffers(thread, at, length, length), Mode.NONBLOCK);
    const read = () => readPipe(thread, pipe, buffers(thread, TARGET, RING_BYTES, RING_BYTES), Mode.NONBLOCK);
    const position = () => {
      const { words } = thread.kernel;
      return (words[pipe + PIPE.TAIL]! + words[pipe + PIPE.SHIFT]!) & 7;
    };
    write(SOURCE, 1);
    read();
    write(SOURCE, 4096);
    expect(position()).toBe(0);
    write(SOURCE + 3, 4096);
    expect(position()).toBe(0);
    read();
    write(SOURCE + 3, 4096);
    expect(position()).toBe(3);
  });

  it('leaves peeked bytes where they are', () => {
    const thread = makeThread();
    const pipe = createPipe(thread.kernel, OWNER);
    writePipe(thread, pipe, buffers(thread, SOURCE, 10, 10), 0);
    expect(readPipe(thread, pipe, buffers(thread, TARGET, 4, 4), Mode.PEEK)).toBe(4);
    expect(available(thread.kernel, pipe)).toBe(10);
    expect(readPipe(thread, pipe, buffers(thread, TARGET, 10, 10), Mode.WAITALL)).toBe(10);
  });

  it('is at its end without a writer and broken without a reader', () => {
    const thread = makeThread();
    const ended = createPipe(thread.kernel, OWNER);
    writePipe(thread, ended, buffers(thread, SOURCE, 3, 3), 0);
    closeWriter(thread.kernel, ended, OWNER);
    expect(readPipe(thread, ended, buffers(thread, TARGET, 9, 9), 0)).toBe(3);
    expect(readPipe(thread, ended, buffers(thread, TARGET, 9, 9), 0)).toBe(0);
    const broken = createPipe(thread.kernel, OWNER);
    closeReader(thread.kernel, broken, OWNER);
    expect(answer(() => writePipe(thread, broken, buffers(thread, SOURCE, 1, 1), 0))).toBe(-Errno.PIPE);
  });

  it('takes no byte after it was shut down, however late the writer comes to hear of it', () => {
    const thread = makeThread();
    const { kernel } = thread;
    const [pipe] = createPair(kernel, OWNER);
    const write = () => answer(() => writePipe(thread, pipe, buffers(thread, SOURCE, 3, 3), Mode.NONBLOCK));
    const read = () => readPipe(thread, pipe, buffers(thread, TARGET, 9, 9), Mode.NONBLOCK);
    expect(write()).toBe(3);
    // Another thread shuts it down, and a reader comes to the end, just before the writer copies.
    const meanwhile = beforeLocked(pipe + PIPE.WRITE_LOCK, () => {
      shutWriter(kernel, pipe, OWNER + 1);
      expect([read(), read()]).toEqual([3, 0]);
    });
    expect(write()).toBe(-Errno.PIPE);
    expect(meanwhile).toHaveBeenCalledOnce();
    expect(read()).toBe(0);
  });

  it('is not shut down while a writer copies', () => {
    const thread = makeThread();
    const { kernel } = thread;
    const [pipe] = createPair(kernel, OWNER);
    vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      throw new Error('held');
    });
    lock(kernel.words, pipe + PIPE.WRITE_LOCK, OWNER);
    expect(() => shutWriter(kernel, pipe, OWNER + 1)).toThrow('held');
    expect(isClosed(kernel, pipe)).toBe(false);
    unlock(kernel.words, pipe + PIPE.WRITE_LOCK);
    shutWriter(kernel, pipe, OWNER + 1);
    expect(isClosed(kernel, pipe)).toBe(true);
  });
});

describe('memory of pipes', () => {
  it('comes back when both ends are gone, and not before', () => {
    const kernel = KernelMemory.create(0);
    const ring = (pipe: number) => kernel.words[pipe + PIPE.DATA]!;
    const pipe = createPipe(kernel, OWNER);
    const first = ring(pipe);
    dropEnd(kernel, pipe, 1, OWNER);
    expect(ring(createPipe(kernel, OWNER))).not.toBe(first);
    dropEnd(kernel, pipe, 1, OWNER);
    expect(ring(createPipe(kernel, OWNER))).toBe(first);
    const [one, other] = createPair(kernel, OWNER);
    const both = [ring(one), ring(other)];
    dropEnd(kernel, one, 2, OWNER);
    dropEnd(kernel, one, 2, OWNER);
    expect([ring(createPipe(kernel, OWNER)), ring(createPipe(kernel, OWNER))]).toEqual(both.reverse());
  });

  it('is bounded, so that the kernel keeps some for itself, and a pair takes two rings or none', () => {
    const kernel = KernelMemory.create(0);
    const made: number[] = [];
    expect(() => {
      for (;;) made.push(createPipe(kernel, OWNER));
    }).toThrow(RangeError);
    expect(made.length).toBeGreaterThan(4096);
    expect(kernel.allocate(RING_BYTES, OWNER)).toBeGreaterThan(0);
    const last = made.pop()!;
    dropEnd(kernel, last, 1, OWNER);
    dropEnd(kernel, last, 1, OWNER);
    expect(() => createPair(kernel, OWNER)).toThrow(RangeError);
    expect(room(kernel, createPipe(kernel, OWNER))).toBe(RING_BYTES);
  });
});
