// build: threads
// The first spawn of a program: the time from the call to the first instruction of the thread's own function.
#define BENCH_THREADS
#include "bench.h"

static volatile u32 started;
static u64 at;
static void body(void *arg) {
  at = now();
  ATOMIC_STORE(&started, 1);
  wake(&started, 1);
}

static int guest_main(int argc, char **argv) {
  u64 from = now();
  struct thread *t = thread_must_spawn(body, 0);
  u64 returned = now();
  wait_while(&started, 0);
  report("first_spawn_ns", at - from);
  report("call_ns", returned - from);
  thread_join(t);
  return 0;
}
