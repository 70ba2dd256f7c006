#include "bench.h"
#include "../guests/loop.h"
static unsigned rounds;
static volatile unsigned sink;
static uint64_t spent[2];
static void *body(void *arg) {
  uint64_t from = now();
  sink = work(rounds);
  *(uint64_t *)arg = now() - from;
  return 0;
}
int main(int argc, char **argv) {
  rounds = argument(argc, argv, 1, 20000000);
  uint64_t from = now();
  sink = work(rounds);
  report("main_ns", now() - from);
  from = now();
  pthread_join(must_spawn(body, &spent[0]), 0);
  report("thread_ns", spent[0]);
  report("one_ns", now() - from);
  from = now();
  pthread_t first = must_spawn(body, &spent[0]), second = must_spawn(body, &spent[1]);
  pthread_join(first, 0);
  pthread_join(second, 0);
  report("two_ns", now() - from);
  return 0;
}
