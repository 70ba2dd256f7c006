/** How often a thread looks before it parks: in every wait while that pays, hardly ever while it does not. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

let spinUntil: (ready: () => boolean) => boolean;

beforeEach(async () => {
  // A clock of its own: 10 µs from one look at it to the next, however busy the machine is.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 0.01));
  vi.resetModules();
  ({ spinUntil } = await import('../../../../src/kernel/threads/spinning.js'));
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Waits for what never comes; answers whether the thread looked at all. */
function looksInVain(): boolean {
  let looked = false;
  const came = spinUntil(() => {
    looked = true;
    return false;
  });
  expect(came).toBe(false);
  return looked;
}

/** How many waits in vain pass before the thread looks again. */
function waitsWithoutLook(): number {
  let count = 0;
  while (!looksInVain()) count++;
  return count;
}

it('sees at once what is there', () => {
  expect(spinUntil(() => true)).toBe(true);
});

it('sees what comes while it looks', () => {
  let looks = 0;
  expect(spinUntil(() => ++looks === 40)).toBe(true);
  expect(looks).toBe(40);
});

it('tries what does not pay less and less often, but never gives it up', () => {
  expect(Array.from({ length: 10 }, waitsWithoutLook)).toEqual([0, 0, 0, 2, 4, 8, 16, 32, 64, 64]);
});

it('does not count on what comes late', () => {
  const late = () => {
    let looks = 0;
    return spinUntil(() => ++looks === 200);
  };
  expect(Array.from({ length: 6 }, late)).toEqual([true, true, true, false, false, true]);
});

it('takes it up again when it has paid', () => {
  while (waitsWithoutLook() < 8);
  while (!spinUntil(() => true));
  expect(Array.from({ length: 4 }, waitsWithoutLook)).toEqual([0, 0, 0, 2]);
});
