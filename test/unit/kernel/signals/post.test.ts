/** Sending signals: which thread is asked, what happens where there is no handler, and that none is lost between threads. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Signal } from '../../../../src/abi/signal.js';
import type { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { EndKind, PROCESS, ProcessState } from '../../../../src/kernel/processes/process-record.js';
import { createProcess } from '../../../../src/kernel/processes/process-table.js';
import {
  endsProcess,
  passSignalsOn,
  type Sender,
  signalProcess,
  signalThread,
} from '../../../../src/kernel/signals/post.js';
import { bitOf, PROCESS_BIT } from '../../../../src/kernel/signals/signal-set.js';
import { createSystem } from '../../../../src/kernel/system.js';
import { claimThread, findThread, releaseThread } from '../../../../src/kernel/threads/thread-record.js';
import { THREAD, ThreadState } from '../../../../src/kernel/threads/thread-words.js';

const OWNER = 1;
let kernel: KernelMemory;
let process: number;
let main: number;
let other: number;
let roused: number[];
let ended: number[];
let sender: Sender;

const pending = (record: number) => kernel.words[record + THREAD.PENDING]!;
const shared = () => kernel.words[process + PROCESS.PENDING]!;
const setState = (record: number, state: number) => Atomics.store(kernel.words, record + THREAD.STATE, state);
const handle = () => {
  kernel.words[process + PROCESS.SIGNAL_EXPORT] = 1;
};

beforeEach(() => {
  kernel = createSystem({ processes: 2, threads: 4 });
  process = createProcess(kernel, OWNER, { parent: 0, threads: 4, descriptors: 8 });
  // The main thread is not the first of the table.
  [other, main] = [claimThread(kernel, process), claimThread(kernel, process)];
  kernel.words[main + THREAD.TID] = kernel.words[process + PROCESS.PID]!;
  kernel.words[other + THREAD.TID] = 77;
  setState(main, ThreadState.RUNNING);
  setState(other, ThreadState.RUNNING);
  [roused, ended] = [[], []];
  sender = {
    kernel,
    owner: OWNER,
    process: 0,
    tid: 0,
    rouse: (record) => roused.push(record),
    ended: (which) => ended.push(which),
  };
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a process with a handler', () => {
  beforeEach(handle);

  test('has its main thread asked', () => {
    signalProcess(sender, process, Signal.USR1);
    expect([shared(), pending(main), pending(other)]).toEqual([bitOf(Signal.USR1), PROCESS_BIT, 0]);
    expect([roused, ended]).toEqual([[main], []]);
  });

  test.each([
    ['has ended', ThreadState.ENDED],
    ['is gone', ThreadState.FREE],
  ])('has another thread asked when the main thread %s', (_, state) => {
    setState(main, state);
    signalProcess(sender, process, Signal.USR1);
    expect([shared(), pending(other)]).toEqual([bitOf(Signal.USR1), PROCESS_BIT]);
    expect(roused).toEqual([other]);
  });

  test('keeps a signal that a thread leaves behind', () => {
    signalProcess(sender, process, Signal.USR1);
    setState(main, ThreadState.ENDED);
    passSignalsOn(sender, process);
    expect([pending(other), roused]).toEqual([PROCESS_BIT, [main, other]]);
  });

  test('does not have a thread asked that is about to be of another process', () => {
    releaseThread(kernel, main, OWNER);
    // Claimed, and nothing else yet.
    setState(main, ThreadState.STARTING);
    signalProcess(sender, process, Signal.USR1);
    expect([pending(other), roused]).toEqual([PROCESS_BIT, [other]]);
  });

  test('keeps one that comes while it has no thread', () => {
    setState(main, ThreadState.FREE);
    setState(other, ThreadState.FREE);
    signalProcess(sender, process, Signal.TERM);
    expect([shared(), roused, ended]).toEqual([bitOf(Signal.TERM), [], []]);
  });

  test('has a signal to one of its threads come to that one, or to none', () => {
    // Who would wait for a lock shows that it is held.
    const wait = vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      throw new Error('held');
    });
    const releasing = () => releaseThread(kernel, other, OWNER + 1);
    const find = () => findThread(kernel, process, 77);
    const set = Atomics.or as (...args: unknown[]) => never;
    vi.spyOn(Atomics, 'or').mockImplementationOnce((...args) => {
      // The thread ends just now: its record cannot become another's before it has the signal.
      expect(releasing).toThrow('held');
      expect(kernel.words[other + THREAD.STATE]).not.toBe(ThreadState.FREE);
      return set(...args);
    });
    signalThread(sender, process, find, Signal.USR1);
    expect([pending(other), roused, wait.mock.calls.length]).toEqual([bitOf(Signal.USR1), [other], 1]);
    releasing();
    signalThread(sender, process, find, Signal.USR2);
    expect([pending(other), roused]).toEqual([bitOf(Signal.USR1), [other]]);
    expect(pending(claimThread(kernel, process))).toBe(0);
  });

  test('does not take a thread that is being made for the one that had its record', () => {
    releaseThread(kernel, other, OWNER);
    const found: number[] = [];
    const store = Atomics.store as (...args: unknown[]) => never;
    vi.spyOn(Atomics, 'store').mockImplementation((...args) => {
      const stored = store(...args);
      found.push(findThread(kernel, process, 77));
      return stored;
    });
    expect(claimThread(kernel, process)).toBe(other);
    expect(new Set(found)).toEqual(new Set([0]));
  });

  test('is ended by KILL, and only the first end counts', () => {
    signalThread(sender, process, () => other, Signal.KILL);
    signalProcess(sender, process, Signal.KILL);
    expect([pending(other), shared(), ended]).toEqual([0, 0, [process]]);
    expect(kernel.words[process + PROCESS.END_KIND]).toBe(EndKind.SIGNAL);
    expect(kernel.words[process + PROCESS.END_VALUE]).toBe(Signal.KILL);
  });

  test('that is over takes nothing', () => {
    Atomics.store(kernel.words, process + PROCESS.STATE, ProcessState.ZOMBIE);
    signalProcess(sender, process, Signal.KILL);
    expect([shared(), roused, ended]).toEqual([0, [], []]);
  });
});

describe('a process without a handler', () => {
  const all = Object.values(Signal).filter((signal) => signal !== Signal.NONE);
  const harmless = ['CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'WINCH'] as const;

  test.each(all)('is ended by signal %i, or not touched', (signal) => {
    signalProcess(sender, process, signal);
    const spares = harmless.some((name) => Signal[name] === signal);
    expect(endsProcess(signal)).toBe(!spares);
    expect([ended, roused, shared()]).toEqual([spares ? [] : [process], [], 0]);
  });

  test('is ended at once by a signal to one of its threads', () => {
    signalThread(sender, process, () => other, Signal.USR2);
    expect([ended, pending(other)]).toEqual([[process], 0]);
  });

  test('does not mind what its parent had it ignore, but for KILL', () => {
    kernel.words[process + PROCESS.IGNORED] = bitOf(Signal.TERM) | bitOf(Signal.KILL) | bitOf(Signal.SYS);
    signalProcess(sender, process, Signal.TERM);
    signalProcess(sender, process, Signal.SYS);
    signalThread(sender, process, () => main, Signal.TERM);
    expect([ended, pending(main)]).toEqual([[], 0]);
    signalProcess(sender, process, Signal.KILL);
    expect(ended).toEqual([process]);
  });
});
