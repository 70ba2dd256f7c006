// build: threads
// COUNT threads one after another, spawned and joined: a warm-up batch, then BATCHES measured ones; nanoseconds each.
// Arguments: COUNT (1000), BATCHES (1)
#define BENCH_THREADS
#include "bench.h"

static volatile u32 ran;
static void body(void *arg) { ATOMIC_ADD(&ran, 1); }

static u64 batch(u32 count) {
  u64 from = now();
  for (u32 i = 0; i < count; i++) thread_join(thread_must_spawn(body, 0));
  return (now() - from) / count;
}

static int guest_main(int argc, char **argv) {
  u32 count = text_number(argument(argc, argv, 1, "1000"));
  u32 batches = text_number(argument(argc, argv, 2, "1"));
  report("first_batch_ns", batch(count));
  for (u32 i = 0; i < batches; i++) report("spawn_join_ns", batch(count));
  return ran == count * (batches + 1) ? 0 : 1;
}
