/** Calls on descriptors that come in the midst of another thread's change of the table. */
import { afterEach, expect, it, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { acquire, ENTRY, entryOf } from '../../../../src/kernel/descriptors/table.js';
import { openEventCounter } from '../../../../src/kernel/objects/event-counter.js';
import { fdTableHandlers } from '../../../../src/syscalls/fd-table.js';
import { give, kernelThread } from '../epoll/kernel-thread.js';

afterEach(() => {
  vi.restoreAllMocks();
});

function wasixThread(wasix: boolean) {
  return Object.assign(kernelThread(), { view: { wasix } });
}

it.each([true, false])('a number is never free while dup2 puts another file there (WASIX: %s)', (wasix) => {
  const thread = wasixThread(wasix);
  const { kernel, owner } = thread;
  const [old, next] = [0, 1].map(() => openEventCounter(kernel, { low: 0, high: 0 }, 0, owner));
  const to = give(thread, old!);
  const from = give(thread, next!);
  const word = entryOf(kernel, thread.process, to) + ENTRY.FILE;

  // What another thread could find in the table meanwhile, in order.
  const found: number[] = [];
  const { store, load } = Atomics;
  const storing = vi.spyOn(Atomics, 'store').mockImplementation(((
    words: Int32Array,
    index: number,
    value: number,
  ) => {
    if (index === word) found.push(value);
    return store(words, index, value);
  }) as typeof Atomics.store);
  expect(fdTableHandlers.fd_renumber(thread, from, to)).toBe(Errno.SUCCESS);
  storing.mockRestore();
  expect(found.at(-1)).toBe(next);

  vi.spyOn(Atomics, 'load').mockImplementation(
    ((words: Int32Array, index: number) =>
      (index === word ? found.shift() : undefined) ?? load(words, index)) as typeof Atomics.load,
  );
  expect(acquire(thread, to, -1)).toBe(next);
});
