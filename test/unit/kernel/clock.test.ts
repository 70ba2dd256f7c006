import { afterEach, describe, expect, it, vi } from 'vitest';
import { ClockId } from '../../../src/abi/clock-id.js';
import { readClock, readHostClock, setClock } from '../../../src/kernel/clock.js';
import { kernelThread } from './epoll/kernel-thread.js';

describe('clocks', () => {
  it('tell the time of the host: realtime within 5 ms of Date.now, however often it is read', () => {
    for (let i = 0; i < 1000; i++) {
      // Other threads may have the processor for a while between any two of these.
      const before = Date.now();
      const time = Number(readHostClock(ClockId.REALTIME)) / 1e6;
      expect(time).toBeGreaterThan(before - 5);
      expect(time).toBeLessThan(Date.now() + 5);
    }
  });

  it.each([ClockId.MONOTONIC, ClockId.REALTIME, ClockId.PROCESS_CPUTIME, ClockId.THREAD_CPUTIME])(
    'never go backwards (clock %i)',
    (id) => {
      let last = 0n;
      for (let i = 0; i < 10_000; i++) {
        const now = readHostClock(id);
        expect(now >= last).toBe(true);
        last = now;
      }
    },
  );
});

describe('a clock that the guest has set', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('shows the old or the new time to a thread that reads it while another one sets it', () => {
    const thread = kernelThread();
    const second = 1_000_000_000n;
    setClock(thread, ClockId.REALTIME, 0n);
    // Another thread reads after each change of kernel memory.
    const seen: bigint[] = [];
    const { store } = Atomics;
    vi.spyOn(Atomics, 'store').mockImplementation(((...args: Parameters<typeof store>) => {
      const stored = store(...args);
      seen.push(readClock(thread, ClockId.REALTIME));
      return stored;
    }) as typeof Atomics.store);
    setClock(thread, ClockId.REALTIME, 1_000_000n * second);
    expect(seen).not.toEqual([]);
    for (const time of seen) expect(time / second === 0n || time / second === 1_000_000n).toBe(true);
  });
});
