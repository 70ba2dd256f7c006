/**
 * Looking for a moment whether what a thread waits for comes, before it parks. To park and to be woken takes two threads
 * some 50 µs; processes that hand each other bytes answer in one or two.
 *
 * It pays when the other side runs on another processor and answers soon. Each thread finds out for itself whether that
 * is so: what does not pay is tried less and less often, at last for one wait in some sixty.
 */

/** How long a thread looks, milliseconds: as long as it takes one that is parked to wake up and to answer. */
const LONGEST_MS = 0.1;
/** An answer within this time costs less processor time than parking. */
const PAYS_MS = 0.025;
/** Looks between two looks at the clock. */
const LOOKS = 32;
/** So many attempts in a row may fail before there are waits without one, */
const PATIENCE = 2;
/** and so many waits are the most without one. */
const MOST_SKIPPED = 64;

let failures = 0;
let skipped = 0;

/** Answers whether `ready` came to answer true while this thread looked. */
export function spinUntil(ready: () => boolean): boolean {
  if (skipped > 0) {
    skipped--;
    return false;
  }
  const began = performance.now();
  for (;;) {
    let looks = LOOKS;
    while (looks > 0 && !ready()) looks--;
    const elapsed = performance.now() - began;
    if (looks === 0 && elapsed < LONGEST_MS) continue;
    takeNote(looks > 0 && elapsed < PAYS_MS);
    return looks > 0;
  }
}

function takeNote(paid: boolean): void {
  failures = paid ? 0 : failures + 1;
  if (failures > PATIENCE) skipped = Math.min(2 ** (failures - PATIENCE), MOST_SKIPPED);
}
