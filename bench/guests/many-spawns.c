// build: threads
// COUNT threads one after another, spawned and joined, with rests for the host to look at itself, which are marked with
// the percentage done: three up to 10 per cent, five up to 50, five up to 100.
// Arguments: COUNT (1000000)
#include "spawns.h"

static void go_on(u32 count, u32 percent) {
  u32 from = spawns_ran, until = (u32)((u64)count * percent / 100);
  u64 time = spawn_and_join(until - from);
  if (until > from) report("spawn_join_ns", time / (until - from));
  mark(percent);
}

static int guest_main(int argc, char **argv) {
  u32 count = text_number(argument(argc, argv, 1, "1000000"));
  static const u8 rests[] = {8, 9, 10, 46, 47, 48, 49, 50, 96, 97, 98, 99, 100};
  for (u32 i = 0; i < sizeof rests; i++) go_on(count, rests[i]);
  return spawns_ran == count ? 0 : 1;
}
