// build: threads
// COUNT threads one after another, spawned and joined, with rests for the host to look at itself, which are marked with
// the percentage done: three up to 10 per cent, five up to 50, five up to 100.
// Arguments: COUNT (1000000)
#define BENCH_THREADS
#include "bench.h"

static volatile u32 ran;
static void body(void *arg) { ATOMIC_ADD(&ran, 1); }

static void go_on(u32 count, u32 percent) {
  u32 from = ran, until = (u32)((u64)count * percent / 100);
  u64 start = now();
  while (ran < until) thread_join(thread_must_spawn(body, 0));
  if (until > from) report("spawn_join_ns", (now() - start) / (until - from));
  mark(percent);
}

static int guest_main(int argc, char **argv) {
  u32 count = text_number(argument(argc, argv, 1, "1000000"));
  static const u8 rests[] = {8, 9, 10, 46, 47, 48, 49, 50, 96, 97, 98, 99, 100};
  for (u32 i = 0; i < sizeof rests; i++) go_on(count, rests[i]);
  return ran == count ? 0 : 1;
}
