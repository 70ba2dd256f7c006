#include "bytes.h"
static void *body(void *arg) { return arg; }
static uint64_t spawn_join(unsigned count) {
  uint64_t from = now();
  for (unsigned i = 0; i < count; i++) pthread_join(must_spawn(body, 0), 0);
  return now() - from;
}
static void step(unsigned count, unsigned left, uint64_t from) {
  if (left == count) from = now();
  if (left == 0) {
    report("exec_ns", (now() - from) / count);
    return;
  }
  char all[16], rest[16], time[32];
  snprintf(all, sizeof all, "%u", count);
  snprintf(rest, sizeof rest, "%u", left - 1);
  snprintf(time, sizeof time, "%llu", (unsigned long long)from);
  fflush(stdout);
  execl("/proc/self/exe", "exec-chain", all, rest, time, (char *)0);
  must("exec", 0);
}
int main(int argc, char **argv) {
  unsigned count = argument(argc, argv, 1, 200);
  if (argc > 3) return step(count, argument(argc, argv, 2, 0), strtoull(argv[3], 0, 10)), 0;
  spawn_join(count / 10 + 1);
  report("spawn_join_ns", spawn_join(count) / count);
  step(count, count + count / 10 + 1, 0);
  return 0;
}
