// build: threads
// COUNT threads that have each run once and let their workers go; then the main thread waits for input to end.
// Arguments: COUNT (8)
#define BENCH_THREADS
#include "bench.h"

enum { MOST = 512 };
static struct barrier gate;
static struct thread *threads[MOST];
static void body(void *arg) { barrier_wait(&gate); }

static int guest_main(int argc, char **argv) {
  u32 count = text_number(argument(argc, argv, 1, "8"));
  if (count > MOST) return 2;
  gate.needed = count;
  for (u32 i = 0; i < count; i++) threads[i] = thread_must_spawn(body, 0);
  for (u32 i = 0; i < count; i++) thread_join(threads[i]);
  return 0;
}
