// build: threads
// COUNT threads one after another, spawned and joined: a warm-up batch, then BATCHES measured ones; nanoseconds each.
// Arguments: COUNT (1000), BATCHES (1)
#include "spawns.h"

static int guest_main(int argc, char **argv) {
  u32 count = text_number(argument(argc, argv, 1, "1000"));
  u32 batches = text_number(argument(argc, argv, 2, "1"));
  report("first_batch_ns", spawn_and_join(count) / count);
  for (u32 i = 0; i < batches; i++) report("spawn_join_ns", spawn_and_join(count) / count);
  return spawns_ran == count * (batches + 1) ? 0 : 1;
}
