// What every measured guest program shares: the clock, a line `name value` for each figure, and the end of one that fails.
#pragma once
#include "guest.h"

static inline u64 now(void) {
  u64 time;
  p1_clock_time_get(MONOTONIC, 1, &time);
  return time;
}

static inline void report(const char *name, u64 value) { print("%s %l\n", name, value); }

// A failed call ends the program: a figure of one that went wrong is worth nothing.
static inline void must(const char *what, i32 error) {
  if (error == SUCCESS) return;
  print_error("%s: errno %d\n", what, error);
  p1_proc_exit(1);
}

// Says how far the program is, and goes on when the host has looked at itself (peers/marks.mjs).
static inline void mark(u32 at) {
  u8 answer;
  struct iovec_ iov = {(u32)&answer, 1};
  u32 n = 0;
  print("mark %u\n", at);
  if (p1_fd_read(0, &iov, 1, &n) != SUCCESS || n != 1) __builtin_trap();
}

#ifdef BENCH_THREADS
#include "threads.h"

// @emnapi/wasi-threads keeps the result of each spawn in guest memory, which it allocates with the guest's malloc.
// Only the main thread spawns in these programs, so one cell is enough.
static u64 spawn_cell;
EXPORT("malloc") void *malloc(u32 size) { return &spawn_cell; }
EXPORT("free") void free(void *cell) {}
#endif
