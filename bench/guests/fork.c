// build: threads asyncify
// A process with 16 MiB of written memory forks; the child ends at once, the parent waits for that. Nanoseconds until
// fork has answered in the parent, and until the child is waited for. Two as a warm-up, then ROUNDS.
// Arguments: ROUNDS (10)
#define BENCH_THREADS
#include "bytes.h"
#include "process.h"

enum { MEBIBYTES = 16, PAGE = 65536 };

static void fill_memory(void) {
  u32 pages = (MEBIBYTES << 20) / PAGE - __builtin_wasm_memory_size(0);
  u32 first = (u32)__builtin_wasm_memory_grow(0, pages);
  if (first == ~0u) __builtin_trap();
  __builtin_memset((void *)(first * PAGE), 0x5a, pages * PAGE);
}

static void fork_once(u32 measured) {
  u32 pid = 99;
  struct join_status status;
  u64 from = now();
  must("proc_fork", wx_proc_fork(1, &pid));
  if (pid == 0) p1_proc_exit(0);
  u64 forked = now() - from;
  must("proc_join", join_child(&pid, 0, &status));
  if (!measured) return;
  report("fork_ns", forked);
  report("fork_join_ns", now() - from);
}

static int guest_main(int argc, char **argv) {
  u32 rounds = text_number(argument(argc, argv, 1, "10"));
  fill_memory();
  for (u32 i = 0; i < rounds + 2; i++) fork_once(i >= 2);
  return 0;
}
