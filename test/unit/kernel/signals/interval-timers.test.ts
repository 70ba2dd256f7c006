/** Interval timers in kernel memory: when they expire, in step with their start, and what becomes of them. */
import { afterEach, expect, test, vi } from 'vitest';
import { Signal } from '../../../../src/abi/signal.js';
import type { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import { PROCESS, ProcessState } from '../../../../src/kernel/processes/process-record.js';
import { createProcess } from '../../../../src/kernel/processes/process-table.js';
import { dropTimers, sendExpired, setTimer } from '../../../../src/kernel/signals/interval-timers.js';
import type { Sender } from '../../../../src/kernel/signals/post.js';
import { bitOf } from '../../../../src/kernel/signals/signal-set.js';
import { createSystem } from '../../../../src/kernel/system.js';

const OWNER = 1;
let now = 1_000_000n;

vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => now);

afterEach(() => {
  now = 1_000_000n;
});

function make() {
  const kernel = createSystem({ processes: 2, threads: 4 });
  const process = createProcess(kernel, OWNER, { parent: 0, threads: 4, descriptors: 8 });
  // It takes its signals itself.
  kernel.words[process + PROCESS.SIGNAL_EXPORT] = 1;
  const sender: Sender = {
    kernel,
    owner: OWNER,
    process: 0,
    tid: 0,
    rouse: () => undefined,
    ended: () => undefined,
  };
  const set = (signal: number, left: bigint, interval = 0n) =>
    setTimer(kernel, process, OWNER, signal, { left, interval });
  return { kernel, process, set, expired: () => take(kernel, process, sender) };
}

/** The signals that have come to the process, as bits, and when the next timer expires. */
function take(kernel: KernelMemory, process: number, sender: Sender) {
  const next = sendExpired(sender, process);
  return { sent: Atomics.exchange(kernel.words, process + PROCESS.PENDING, 0), next };
}

const NONE = { left: 0n, interval: 0n };
const ALRM = bitOf(Signal.ALRM);

test('a timer expires once, at its time', () => {
  const { set, expired } = make();
  expect(set(Signal.ALRM, 500n)).toEqual(NONE);
  now += 499n;
  expect(expired()).toEqual({ sent: 0, next: 1_000_500n });
  now += 1n;
  expect(expired()).toEqual({ sent: ALRM, next: undefined });
  now += 1000n;
  expect(expired()).toEqual({ sent: 0, next: undefined });
});

test('a repeating one keeps in step with its start, however late it is seen', () => {
  const { set, expired } = make();
  set(Signal.ALRM, 100n, 300n);
  now += 120n;
  expect(expired()).toEqual({ sent: ALRM, next: 1_000_400n });
  // Three times at once are one; a time that has just come counts.
  now = 1_001_000n;
  expect(expired()).toEqual({ sent: ALRM, next: 1_001_300n });
  now = 1_001_301n;
  expect(expired()).toEqual({ sent: ALRM, next: 1_001_600n });
});

test('each signal has one timer, and the earliest is next', () => {
  const { set, expired } = make();
  set(Signal.ALRM, 700n);
  set(Signal.USR1, 300n, 1000n);
  set(Signal.SYS, 900n);
  expect(expired().next).toBe(1_000_300n);
  now += 800n;
  expect(expired()).toEqual({ sent: ALRM | bitOf(Signal.USR1), next: 1_000_900n });
});

test('setting one tells how it was set, 0 takes it back, and one that is due has something left', () => {
  const { set, expired } = make();
  set(Signal.ALRM, 2n ** 62n, 7n);
  now += 5n;
  expect(set(Signal.ALRM, 100n, 9n)).toEqual({ left: 2n ** 62n - 5n, interval: 7n });
  now += 200n;
  expect(set(Signal.ALRM, 0n, 9n)).toEqual({ left: 1n, interval: 9n });
  expect(set(Signal.ALRM, 0n)).toEqual(NONE);
  expect(expired()).toEqual({ sent: 0, next: undefined });
});

test('a process that is over sends nothing, and its timers are gone with it', () => {
  const { kernel, process, set, expired } = make();
  set(Signal.ALRM, 1n, 1n);
  const block = kernel.words[process + PROCESS.TIMERS]!;
  now += 10n;
  Atomics.store(kernel.words, process + PROCESS.STATE, ProcessState.ZOMBIE);
  expect(expired()).toEqual({ sent: 0, next: undefined });
  dropTimers(kernel, process, OWNER);
  dropTimers(kernel, process, OWNER);
  expect(kernel.words[process + PROCESS.TIMERS]).toBe(0);
  expect(kernel.allocate(124, OWNER)).toBe(block);
});
