/** A signal to a process, by its pid: it never comes to another process. */
import { afterEach, expect, test, vi } from 'vitest';
import { Errno } from '../../../../src/abi/errno.js';
import { Signal } from '../../../../src/abi/signal.js';
import { HEADER } from '../../../../src/kernel/memory/kernel-memory.js';
import { isEnding, PROCESS } from '../../../../src/kernel/processes/process-record.js';
import { free, withProcesses } from '../../../../src/kernel/processes/process-table.js';
import { signalHandlers } from '../../../../src/syscalls/signal.js';
import { addProcess, addThread, kernelRun } from './kernel-run.js';

afterEach(() => {
  vi.restoreAllMocks();
});

test('a KILL to a child that is waited for just then does not end the process that takes its place', () => {
  const kernel = kernelRun();
  const thread = addThread(kernel, addProcess(kernel));
  const child = addProcess(kernel, thread.tid);
  const pid = kernel.words[child + PROCESS.PID]!;
  let successor = 0;
  const { compareExchange } = Atomics;
  const spy = vi.spyOn(Atomics, 'compareExchange');
  spy.mockImplementation(((words: Int32Array, index: number, from: number, to: number) => {
    if (index === HEADER.PROCESS_LOCK) {
      spy.mockRestore();
      withProcesses(kernel, 7, () => free(kernel, child));
      successor = addProcess(kernel, thread.tid);
    }
    return compareExchange(words, index, from, to);
  }) as typeof Atomics.compareExchange);
  const errno = signalHandlers.proc_signal(thread, pid, Signal.KILL);
  expect(successor).toBe(child);
  expect([isEnding(kernel, successor), errno]).toEqual([false, Errno.SRCH]);
});
