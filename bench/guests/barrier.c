// build: threads
// COUNT threads spawned at once; the time from the first spawn until the last of them runs (all meet at a barrier),
// and until the main thread is past the barrier too. A first time, then ROUNDS.
// Arguments: COUNT (64), ROUNDS (5), nanoseconds to pause between rounds (0)
#define BENCH_THREADS
#include "bench.h"

enum { MOST = 512 };
static struct barrier gate;
static struct thread *threads[MOST];

static volatile u32 running, count;
static u64 all_running;

// The last one to run notes the time: when the main thread gets to run again is up to the scheduler.
static void body(void *arg) {
  if (ATOMIC_ADD(&running, 1) + 1 == count) all_running = now();
  barrier_wait(&gate);
}

static void pause_for(u64 ns) {
  static volatile u32 never;
  if (ns) __builtin_wasm_memory_atomic_wait32((int *)&never, 0, (i64)ns);
}

static int guest_main(int argc, char **argv) {
  count = text_number(argument(argc, argv, 1, "64"));
  u32 rounds = text_number(argument(argc, argv, 2, "5"));
  u64 pause = text_number(argument(argc, argv, 3, "0"));
  if (count > MOST) return 2;
  gate.needed = count + 1;
  for (u32 round = 0; round <= rounds; round++) {
    ATOMIC_STORE(&running, 0);
    u64 from = now();
    for (u32 i = 0; i < count; i++) threads[i] = thread_must_spawn(body, 0);
    u64 spawned = now();
    barrier_wait(&gate);
    u64 resumed = now();
    for (u32 i = 0; i < count; i++) thread_join(threads[i]);
    if (round == 0) report("first_time_ns", all_running - from);
    if (round > 0) {
      report("spawned_ns", spawned - from);
      report("all_running_ns", all_running - from);
      report("main_resumed_ns", resumed - from);
    }
    pause_for(pause);
  }
  return 0;
}
