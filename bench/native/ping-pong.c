#include "bench.h"
static atomic_uint turn;
static unsigned rounds;
static void side(unsigned me, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    wait_while(&turn, 1 - me);
    atomic_store(&turn, 1 - me);
    wake(&turn, 1);
  }
}
static void *body(void *arg) {
  side(1, rounds + rounds / 10);
  return arg;
}
int main(int argc, char **argv) {
  rounds = argument(argc, argv, 1, 20000);
  pthread_t thread = must_spawn(body, 0);
  side(0, rounds / 10);
  uint64_t from = now();
  side(0, rounds);
  report("round_ns", (now() - from) / rounds);
  pthread_join(thread, 0);
  return 0;
}
