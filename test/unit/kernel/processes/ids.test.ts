/** Ids of processes and threads: never one that is in use, however many there have been. */
import { expect, test } from 'vitest';
import { HEADER } from '../../../../src/kernel/memory/kernel-memory.js';
import { PROCESS } from '../../../../src/kernel/processes/process-record.js';
import { nextId } from '../../../../src/kernel/system.js';
import { addProcess, addThread, kernelRun } from './kernel-run.js';

const MOST = 0x1fff_ffff;

test('when they begin again, those of live processes and threads are passed over', () => {
  const kernel = kernelRun();
  const first = addProcess(kernel);
  addThread(kernel, first);
  addThread(kernel, first, nextId(kernel));
  const gone = nextId(kernel);
  const child = addProcess(kernel, 1);
  expect([kernel.words[first + PROCESS.PID], gone, kernel.words[child + PROCESS.PID]]).toEqual([1, 3, 4]);
  kernel.words[HEADER.NEXT_ID] = MOST - 1;
  expect([nextId(kernel), nextId(kernel), nextId(kernel)]).toEqual([MOST, 3, 5]);
});
