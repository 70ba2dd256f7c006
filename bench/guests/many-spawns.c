// build: threads
// COUNT threads one after another, spawned and joined, with a rest at 10, 50 and 100 per cent of them.
// Arguments: COUNT (1000000)
#define BENCH_THREADS
#include "bench.h"

static volatile u32 ran;
static void body(void *arg) { ATOMIC_ADD(&ran, 1); }

static void go_on(u32 count, u32 percent) {
  u32 from = ran, until = (u32)((u64)count * percent / 100);
  u64 start = now();
  while (ran < until) thread_join(thread_must_spawn(body, 0));
  report("spawn_join_ns", (now() - start) / (until - from));
  mark(percent);
}

static int guest_main(int argc, char **argv) {
  u32 count = text_number(argument(argc, argv, 1, "1000000"));
  go_on(count, 10);
  go_on(count, 50);
  go_on(count, 100);
  return ran == count ? 0 : 1;
}
