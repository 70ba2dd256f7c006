/** Imports of a guest that uses up its worker's JavaScript heap. */
export const env = {
  exhaust() {
    const kept = [];
    for (;;) kept.push(new Array(10_000).fill(kept.length));
  },
};
