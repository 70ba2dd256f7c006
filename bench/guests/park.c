// build: threads
// FEW threads at once that let their workers go, then MANY; after each the program rests with that many idle workers.
// Arguments: FEW (8), MANY (40)
#define BENCH_THREADS
#include "bench.h"

enum { MOST = 512 };
static struct barrier gate;
static struct thread *threads[MOST];
static void body(void *arg) { barrier_wait(&gate); }

static void together(u32 count) {
  if (count > MOST) __builtin_trap();
  gate.needed = count;
  for (u32 i = 0; i < count; i++) threads[i] = thread_must_spawn(body, 0);
  for (u32 i = 0; i < count; i++) thread_join(threads[i]);
  mark(count);
}

static int guest_main(int argc, char **argv) {
  together(text_number(argument(argc, argv, 1, "8")));
  together(text_number(argument(argc, argv, 2, "40")));
  return 0;
}
