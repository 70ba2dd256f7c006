import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockId } from '../../../src/abi/clock-id.js';
import { readHostClock, writeTime } from '../../../src/kernel/clock.js';
import { GuestMemory } from '../../../src/kernel/memory/guest-memory.js';
import type { GuestThread } from '../../../src/kernel/threads/guest-thread.js';

describe('clocks', () => {
  it('are written as exact 64-bit nanoseconds, for every second there is', () => {
    const memory = new GuestMemory(new WebAssembly.Memory({ initial: 1 }));
    const thread = { memory } as GuestThread;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 17_179_869_183 }),
        fc.nat({ max: 999_999_999 }),
        (seconds, nanoseconds) => {
          writeTime(thread, 8, { seconds, nanoseconds });
          expect(memory.getU64(8)).toBe(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
        },
      ),
    );
  });

  it('tell the time of the host: realtime within 5 ms of Date.now, monotonic never backwards', () => {
    const { seconds, nanoseconds } = readHostClock(ClockId.REALTIME);
    expect(Math.abs(seconds * 1000 + nanoseconds / 1e6 - Date.now())).toBeLessThan(5);
    let last = 0;
    for (let i = 0; i < 10_000; i++) {
      const now = readHostClock(ClockId.MONOTONIC);
      const value = now.seconds * 1e9 + now.nanoseconds;
      expect(value).toBeGreaterThanOrEqual(last);
      last = value;
    }
  });
});
