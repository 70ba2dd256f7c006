/** How often the stress loops run: `REPEAT=100 npx vitest run test/stress` for a long run. */

/** Default: the whole suite stays within minutes. */
const REPEAT = Number(process.env.REPEAT ?? 5);

/** Rounds of a loop, and milliseconds that they may take when one may take `each`. */
export function rounds(each: number): { readonly count: number; readonly timeout: number } {
  return { count: REPEAT, timeout: 20_000 + REPEAT * each };
}

/** Runs `round` once for each round; a failure says which it was. */
export async function repeat(count: number, round: (number: number) => Promise<void>): Promise<void> {
  for (let number = 1; number <= count; number++) {
    try {
      await round(number);
    } catch (error) {
      throw new Error(`round ${number} of ${count}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
  }
}
