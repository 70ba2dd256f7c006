/** Giving a process another program: what comes for the process meanwhile. */
import { afterEach, expect, test, vi } from 'vitest';
import { Signal } from '../../../../src/abi/signal.js';
import { endOtherThreads } from '../../../../src/kernel/processes/exec.js';
import { claimEnd, EndKind, PROCESS, takeLateEnd } from '../../../../src/kernel/processes/process-record.js';
import { senderOf } from '../../../../src/kernel/signals/delivery.js';
import { signalThread } from '../../../../src/kernel/signals/post.js';
import { bitOf } from '../../../../src/kernel/signals/signal-set.js';
import { LEAVE } from '../../../../src/kernel/threads/guest-thread.js';
import { findThread } from '../../../../src/kernel/threads/thread-record.js';
import { THREAD, ThreadState } from '../../../../src/kernel/threads/thread-words.js';
import { addProcess, addThread, kernelRun } from './kernel-run.js';

const HOST = 7;

afterEach(() => {
  vi.restoreAllMocks();
});

test('a KILL that comes meanwhile is not lost to another thread that comes to its exec too late', () => {
  const kernel = kernelRun();
  const process = addProcess(kernel);
  const [first, second] = [addThread(kernel, process), addThread(kernel, process, 77)];
  vi.spyOn(Atomics, 'wait').mockImplementation(() => {
    // The first waits for the other to leave.
    const kill = { kind: EndKind.SIGNAL, value: Signal.KILL, tid: 0 };
    expect(claimEnd(kernel, process, HOST, kill)).toBe(false);
    expect(() => endOtherThreads(second)).toThrow(expect.objectContaining(LEAVE));
    Atomics.sub(kernel.words, process + PROCESS.LIVE, 1);
    return 'ok';
  });
  endOtherThreads(first);
  expect(takeLateEnd(kernel, process)).toEqual({ kind: EndKind.SIGNAL, value: Signal.KILL });
});

test('a signal to the main thread comes to the one that has become it, though the former keeps its record yet', () => {
  const kernel = kernelRun();
  const process = addProcess(kernel);
  const [former, next] = [addThread(kernel, process), addThread(kernel, process, 77)];
  kernel.words[process + PROCESS.SIGNAL_EXPORT] = 1;
  // Counted out, and its worker has not been given back.
  Atomics.store(kernel.words, former.record + THREAD.STATE, ThreadState.ENDED);
  kernel.words[next.record + THREAD.TID] = former.tid;
  Atomics.store(kernel.words, next.record + THREAD.PENDING, 0);
  signalThread(senderOf(next), process, () => findThread(kernel, process, former.tid), Signal.USR1);
  expect(kernel.words[next.record + THREAD.PENDING]).toBe(bitOf(Signal.USR1));
});
