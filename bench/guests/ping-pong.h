// Two threads hand a word back and forth; nanoseconds per round (there and back). Who includes this says how to wait
// while the word holds a value, `WAIT_WHILE(word, value)`, and how to wake who waits, `WAKE(word)`.
// Arguments: ROUNDS (20000)
#pragma once
#define BENCH_THREADS
#include "bench.h"

static volatile u32 turn;
static u32 rounds;

static void side(u32 me, u32 count) {
  for (u32 i = 0; i < count; i++) {
    WAIT_WHILE(&turn, 1 - me);
    ATOMIC_STORE(&turn, 1 - me);
    WAKE(&turn);
  }
}
static void body(void *arg) { side(1, rounds + rounds / 10); }

static int guest_main(int argc, char **argv) {
  rounds = text_number(argument(argc, argv, 1, "20000"));
  struct thread *t = thread_must_spawn(body, 0);
  side(0, rounds / 10);
  u64 from = now();
  side(0, rounds);
  report("round_ns", (now() - from) / rounds);
  thread_join(t);
  return 0;
}
