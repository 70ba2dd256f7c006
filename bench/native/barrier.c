#include "bench.h"
enum { MOST = 512 };
static unsigned needed;
static atomic_uint arrived, generation;
static void barrier(void) {
  unsigned seen = atomic_load(&generation);
  if (atomic_fetch_add(&arrived, 1) + 1 == needed) {
    atomic_store(&arrived, 0);
    atomic_fetch_add(&generation, 1);
    wake(&generation, 0x7fffffff);
    return;
  }
  wait_while(&generation, seen);
}
static atomic_uint running;
static unsigned count;
static uint64_t all_running;
static void *body(void *arg) {
  if (atomic_fetch_add(&running, 1) + 1 == count) all_running = now();
  barrier();
  return arg;
}
int main(int argc, char **argv) {
  static pthread_t threads[MOST];
  count = argument(argc, argv, 1, 64);
  unsigned rounds = argument(argc, argv, 2, 5);
  unsigned pause = argument(argc, argv, 3, 0);
  if (count > MOST) return 2;
  needed = count + 1;
  for (unsigned round = 0; round <= rounds; round++) {
    atomic_store(&running, 0);
    uint64_t from = now();
    for (unsigned i = 0; i < count; i++) threads[i] = must_spawn(body, 0);
    uint64_t spawned = now();
    barrier();
    uint64_t resumed = now();
    for (unsigned i = 0; i < count; i++) pthread_join(threads[i], 0);
    if (round > 0) {
      report("spawned_ns", spawned - from);
      report("all_running_ns", all_running - from);
      report("main_resumed_ns", resumed - from);
    }
    if (pause) usleep(pause / 1000);
  }
  return 0;
}
