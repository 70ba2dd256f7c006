/** Making a child, and giving it up: nothing of it stays. */
import { afterEach, expect, test, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { Access, createOpenFile, FILE, FileKind } from '../../../../src/kernel/descriptors/open-file.js';
import { ALL_RIGHTS, install } from '../../../../src/kernel/descriptors/table.js';
import { type KernelMemory, KernelMemoryFull } from '../../../../src/kernel/memory/kernel-memory.js';
import { storeText } from '../../../../src/kernel/memory/text.js';
import { abandonChild, createChild } from '../../../../src/kernel/processes/child.js';
import { ANY_CHILD, joinChild } from '../../../../src/kernel/processes/join.js';
import { PROCESS } from '../../../../src/kernel/processes/process-record.js';
import { becomeChild } from '../../../../src/kernel/processes/vfork.js';
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

/** Has kernel memory run out at the allocation with this number. */
function fullAt(kernel: KernelMemory, number: number): void {
  const allocate = kernel.allocate.bind(kernel);
  let count = 0;
  vi.spyOn(kernel, 'allocate').mockImplementation((...args) => {
    if (++count === number) throw new KernelMemoryFull('none left');
    return allocate(...args);
  });
}

test('a child for which there is no kernel memory leaves no reference on a file', () => {
  const kernel = kernelRun();
  const thread = addThread(kernel, addProcess(kernel));
  const file = createOpenFile(kernel, { kind: FileKind.DEVICE, type: 2, access: Access.READ }, thread.owner);
  install(thread, file, { rights: ALL_RIGHTS, preopen: storeText(kernel, '/', thread.owner) });
  // Its table, its working directory, and then the name of the preopen.
  fullAt(kernel, 3);
  expect(() => createChild(thread)).toThrow(KernelMemoryFull);
  expect(kernel.words[file + FILE.REFS]).toBe(1);
});

test('a vfork for which there is no kernel memory leaves no child to wait for', () => {
  const kernel = kernelRun();
  const thread = addThread(kernel, addProcess(kernel));
  kernel.words[thread.process + PROCESS.SIGNAL_EXPORT] = storeText(kernel, '__wasm_signal', thread.owner);
  fullAt(kernel, 3);
  expect(() => becomeChild(thread, undefined)).toThrow(KernelMemoryFull);
  expect(() => joinChild(thread, ANY_CHILD, true)).toThrow(expect.objectContaining({ errno: Errno.CHILD }));
});
