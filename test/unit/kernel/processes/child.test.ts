/** Making a child, and giving it up: nothing of it stays. */
import { afterEach, expect, test, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { abandonChild, createChild } from '../../../../src/kernel/processes/child.js';
import { ANY_CHILD, joinChild } from '../../../../src/kernel/processes/join.js';
import { addProcess, addThread, kernelRun } from './kernel-run.js';

afterEach(() => {
  vi.restoreAllMocks();
});

test('who waits for any child hears of it when the only one is given up by the thread that was making it', () => {
  const kernel = kernelRun();
  const process = addProcess(kernel);
  const [joiner, maker] = [addThread(kernel, process), addThread(kernel, process, 77)];
  const child = createChild(maker);
  const { wait } = Atomics;
  vi.spyOn(Atomics, 'wait').mockImplementation(((words: Int32Array, index: number, seen: number) => {
    abandonChild(maker, child);
    if (wait(words, index, seen, 0) === 'timed-out') throw new Error('it was not woken');
    return 'not-equal';
  }) as typeof Atomics.wait);
  expect(() => joinChild(joiner, ANY_CHILD, false)).toThrow(expect.objectContaining({ errno: Errno.CHILD }));
});
