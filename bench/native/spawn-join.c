#include "bench.h"
static atomic_uint ran;
static void *body(void *arg) {
  atomic_fetch_add(&ran, 1);
  return arg;
}
static uint64_t batch(unsigned count) {
  uint64_t from = now();
  for (unsigned i = 0; i < count; i++) pthread_join(must_spawn(body, 0), 0);
  return (now() - from) / count;
}
int main(int argc, char **argv) {
  unsigned count = argument(argc, argv, 1, 1000), batches = argument(argc, argv, 2, 1);
  report("first_batch_ns", batch(count));
  for (unsigned i = 0; i < batches; i++) report("spawn_join_ns", batch(count));
  return 0;
}
