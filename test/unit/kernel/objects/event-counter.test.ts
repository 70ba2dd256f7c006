import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventFdFlags } from '../../../../src/abi/flags.js';
import { KernelMemory } from '../../../../src/kernel/memory/kernel-memory.js';
import {
  addCount,
  eventOf,
  hasRoomFor,
  isRaised,
  openEventCounter,
  takeCount,
} from '../../../../src/kernel/objects/event-counter.js';

const OWNER = 1;
const MOST = 2n ** 64n - 2n;

const halves = (value: bigint) => ({
  low: Number(BigInt.asUintN(32, value)),
  high: Number(value >> 32n),
});
const whole = ({ low, high }: { low: number; high: number }) => (BigInt(high) << 32n) | BigInt(low);

/** Numbers of 64 bits, often next to where a half carries or the counter is full. */
const value = fc.oneof(
  fc.bigInt({ min: 0n, max: MOST }),
  fc.bigInt({ min: 0n, max: 3n }),
  fc.bigInt({ min: 2n ** 32n - 2n, max: 2n ** 32n + 2n }),
  fc.bigInt({ min: MOST - 3n, max: MOST }),
);

it.each([{ flags: 0 }, { flags: EventFdFlags.SEMAPHORE }])(
  'the counter adds and takes as 64-bit numbers do, flags $flags',
  ({ flags }) => {
    const steps = fc.array(fc.oneof(value, fc.constant('take' as const)), { maxLength: 30, size: 'max' });
    fc.assert(
      fc.property(value, steps, (initial, actions) => {
        const kernel = KernelMemory.create(0);
        const event = eventOf(kernel, openEventCounter(kernel, halves(initial), flags, OWNER));
        let count = initial;
        for (const action of actions) {
          if (action === 'take') {
            const taken = { low: 0, high: 0 };
            expect(takeCount(kernel, event, taken, OWNER)).toBe(count > 0n);
            const one = flags === EventFdFlags.SEMAPHORE ? 1n : count;
            if (count > 0n) expect(whole(taken)).toBe(one);
            if (count > 0n) count -= one;
          } else {
            const fits = count + action <= MOST;
            expect(hasRoomFor(kernel, event, halves(action))).toBe(fits);
            expect(addCount(kernel, event, halves(action), OWNER)).toBe(fits);
            if (fits) count += action;
          }
          expect(isRaised(kernel, event)).toBe(count > 0n);
        }
      }),
    );
  },
);
