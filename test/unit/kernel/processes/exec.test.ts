/** Giving a process another program: what comes for the process meanwhile. */
import { afterEach, expect, test, vi } from 'vitest';
import { Signal } from '../../../../src/abi/signal.js';
import { endOtherThreads } from '../../../../src/kernel/processes/exec.js';
import { claimEnd, EndKind, PROCESS, takeLateEnd } from '../../../../src/kernel/processes/process-record.js';
import { LEAVE } from '../../../../src/kernel/threads/guest-thread.js';
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
