import { describe, expect, it } from 'vitest';
import { ClockId } from '../../../src/abi/clock-id.js';
import { readHostClock } from '../../../src/kernel/clock.js';

describe('clocks', () => {
  it('tell the time of the host: realtime within 5 ms of Date.now, however often it is read', () => {
    for (let i = 0; i < 1000; i++) {
      const difference = Number(readHostClock(ClockId.REALTIME)) / 1e6 - Date.now();
      expect(Math.abs(difference)).toBeLessThan(5);
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
