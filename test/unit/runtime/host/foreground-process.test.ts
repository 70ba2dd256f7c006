/** Which process the user's signals go to, as threads come to wait for children and leave. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { ANY_CHILD, joinChild } from '../../../../src/kernel/processes/join.js';
import { EndKind, PROCESS } from '../../../../src/kernel/processes/process-record.js';
import { buryProcess } from '../../../../src/kernel/processes/process-table.js';
import { GuestThread } from '../../../../src/kernel/threads/guest-thread.js';
import { claimThread, releaseThread } from '../../../../src/kernel/threads/thread-record.js';
import { THREAD } from '../../../../src/kernel/threads/thread-words.js';
import { foregroundProcess } from '../../../../src/runtime/host/host-sender.js';
import { addProcess, addThread, kernelRun } from '../../kernel/processes/kernel-run.js';

const OWNER = 1;
let kernel: KernelMemory;
let first: number;
/** What happens while a thread is parked: one after the other. */
let meanwhile: (() => void)[];

const pidOf = (process: number) => kernel.words[process + PROCESS.PID]!;
const foreground = () => foregroundProcess(kernel);

function end(process: number): void {
  kernel.words[process + PROCESS.END_KIND] = EndKind.EXIT;
  buryProcess(kernel, process, OWNER, () => undefined);
}

beforeEach(() => {
  kernel = kernelRun();
  first = addProcess(kernel);
  meanwhile = [];
  vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    const next = meanwhile.shift();
    if (!next) throw new Error('nothing would ever wake this thread');
    next();
    return 'ok';
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

test('it is the first one, or the child that it waits for, or the child that this one waits for', () => {
  const child = addProcess(kernel, pidOf(first));
  const grandchild = addProcess(kernel, pidOf(child));
  const [main, other] = [addThread(kernel, first), addThread(kernel, child)];
  expect(foreground()).toBe(first);
  meanwhile = [
    () => expect(joinChild(other, pidOf(grandchild), false)).toMatchObject({ pid: pidOf(grandchild) }),
    () => {
      expect(foreground()).toBe(grandchild);
      end(grandchild);
      expect(foreground()).toBe(child);
    },
    () => end(child),
  ];
  joinChild(main, ANY_CHILD, false);
  expect(foreground()).toBe(first);
});

/** `main` waits for a child, and meanwhile `other` for another one, which ends first. */
function joinOneMeanwhileTwo(main: GuestThread, other: GuestThread): void {
  const [one, two] = [addProcess(kernel, pidOf(first)), addProcess(kernel, pidOf(first))];
  meanwhile = [
    () => joinChild(other, pidOf(two), false),
    () => end(two),
    () => {
      // The other wait is over.
      expect(foreground()).toBe(one);
      end(one);
    },
  ];
  joinChild(main, pidOf(one), false);
  expect(foreground()).toBe(first);
}

test('it is a child as long as one of several threads waits for it', () => {
  joinOneMeanwhileTwo(addThread(kernel, first), addThread(kernel, first, 77));
});

test('it is the child yet that a thread goes on to wait for after a handler has waited for another', () => {
  const main = addThread(kernel, first);
  joinOneMeanwhileTwo(main, main);
});

test('it is not a child whose waiting thread was lost with its worker', () => {
  addProcess(kernel, pidOf(first));
  const [main, other] = [addThread(kernel, first), addThread(kernel, first, 77)];
  kernel.words[other.record + THREAD.CHILD] = ANY_CHILD;
  expect(foreground()).not.toBe(first);
  releaseThread(kernel, other.record, OWNER);
  expect(foreground()).toBe(first);
  const next = new GuestThread(main.view);
  next.begin(claimThread(kernel, first));
  expect([next.record, foreground()]).toEqual([other.record, first]);
});
