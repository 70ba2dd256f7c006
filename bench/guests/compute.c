// build: threads
// The loop of loop.h in the main thread, in one spawned thread, and in two at once; nanoseconds until all are done.
// Arguments: ROUNDS of the loop (20000000)
#define BENCH_THREADS
#include "bench.h"
#include "loop.h"

static u32 rounds;
static volatile u32 sink;
static u64 spent[2];

static void body(void *arg) {
  u64 from = now();
  sink = work(rounds);
  *(u64 *)arg = now() - from;
}

static int guest_main(int argc, char **argv) {
  rounds = text_number(argument(argc, argv, 1, "20000000"));
  u64 from = now();
  sink = work(rounds);
  report("main_ns", now() - from);
  from = now();
  thread_join(thread_must_spawn(body, &spent[0]));
  report("thread_ns", spent[0]);
  report("one_ns", now() - from);
  from = now();
  struct thread *first = thread_must_spawn(body, &spent[0]), *second = thread_must_spawn(body, &spent[1]);
  thread_join(first);
  thread_join(second);
  report("two_ns", now() - from);
  return 0;
}
