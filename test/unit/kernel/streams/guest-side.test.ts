import { afterEach, expect, it, vi } from 'vitest';
import type { HostMessage } from '../../../../src/kernel/host-link.js';
import { GuestMemory } from '../../../../src/kernel/memory/guest-memory.js';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { PROCESS } from '../../../../src/kernel/processes/process-record.js';
import { readStream } from '../../../../src/kernel/streams/guest-side.js';
import { createStream, push, STREAM, takeEnd, wakeReaders } from '../../../../src/kernel/streams/stream.js';
import { GuestThread, type ProcessView } from '../../../../src/kernel/threads/guest-thread.js';
import { THREAD } from '../../../../src/kernel/threads/thread-words.js';

const OWNER = 1;
const OTHER = 2;

afterEach(() => {
  vi.restoreAllMocks();
});

it('a read has the host look for more after another thread has taken the end of file of a terminal', () => {
  const kernel = KernelMemory.create(0);
  const { words } = kernel;
  const memory = new GuestMemory(new WebAssembly.Memory({ initial: 1 }));
  const posted: HostMessage[] = [];
  const link = { post: (message: HostMessage) => void posted.push(message) };
  const process = kernel.allocate(PROCESS.WORDS, OWNER);
  const thread = new GuestThread({ kernel, memory, process, link } as unknown as ProcessView);
  thread.owner = OWNER;
  thread.record = kernel.allocate(THREAD.WORDS, OWNER);
  const stream = createStream(kernel);
  words[stream + STREAM.REOPENS] = 1;
  // The host was told by the read that came to the end, which the other thread is about to take.
  words[stream + STREAM.HOST] = 1;

  const steps = [
    () => {
      words[stream + STREAM.CLOSED] = 1;
      expect(takeEnd(kernel, stream, OTHER)).toBe(true);
    },
    () => {
      push(kernel, stream, Buffer.from('line'));
      wakeReaders(kernel, stream);
    },
  ];
  vi.spyOn(Atomics, 'wait').mockImplementation(((array: Int32Array, index: number, value: number) => {
    steps.shift()?.();
    if (Atomics.load(array, index) === value) throw new Error('parked for ever');
    return 'not-equal';
  }) as typeof Atomics.wait);
  memory.setU32(0, 64);
  memory.setU32(4, 16);
  expect(readStream(thread, stream, thread.vectors.load(0, 1), false)).toBe(4);
  expect(posted).toContainEqual({ type: 'stream', stream });
});
