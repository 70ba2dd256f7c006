// build: threads
// COUNT threads spawned and joined one after another, then COUNT times exec of this program by itself, as
// /bin/exec-chain.wasm; nanoseconds for each thread and for each exec. A tenth as many before each as a warm-up.
// Arguments: COUNT (200)
#include "process.h"
#include "spawns.h"

static u64 long_number(const char *s) {
  u64 n = 0;
  while (*s >= '0' && *s <= '9') n = n * 10 + (u64)(*s++ - '0');
  return n;
}

// Becomes this program again, `left` times more; `from` is when `count` were left.
static void step(u32 count, u32 left, u64 from) {
  if (left == count) from = now();
  if (left == 0) {
    report("exec_ns", (now() - from) / count);
    return;
  }
  static const char path[] = "/bin/exec-chain.wasm";
  char args[128] = "exec-chain\n";
  u32 n = 11;
  u64 numbers[] = {count, left - 1, from};
  for (u32 i = 0; i < 3; i++) n += put_number(args + n, numbers[i], 10), args[n++] = '\n';
  must("proc_exec3", wx_proc_exec3(path, sizeof path - 1, args, n, 0, 0, 0, 0, 0));
}

static int guest_main(int argc, char **argv) {
  u32 count = text_number(argument(argc, argv, 1, "200"));
  if (argc > 3) return step(count, text_number(argv[2]), long_number(argv[3])), 0;
  spawn_and_join(count / 10 + 1);
  report("spawn_join_ns", spawn_and_join(count) / count);
  step(count, count + count / 10 + 1, 0);
  return 0;
}
