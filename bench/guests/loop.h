// The work of the computing benchmarks, the same source for guest and native: integer steps that depend on each other,
// a table that fits the first cache, and a branch that is hard to foresee.
#pragma once
static unsigned work(unsigned rounds) {
  unsigned table[256], x = 2463534242u, sum = 0;
  for (unsigned i = 0; i < 256; i++) table[i] = i * 2654435761u;
  for (unsigned i = 0; i < rounds; i++) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    unsigned at = x & 255;
    table[at] += sum ^ i;
    if (table[at] & 1) sum += table[(at + 7) & 255] >> 3;
    else sum ^= x + (sum << 1);
  }
  return sum;
}
