// Threads one after another, each spawned and joined.
#pragma once
#define BENCH_THREADS
#include "bench.h"

static volatile u32 spawns_ran;
static void spawns_body(void *arg) { ATOMIC_ADD(&spawns_ran, 1); }

// Nanoseconds of `count` in all.
static u64 spawn_and_join(u32 count) {
  u64 from = now();
  for (u32 i = 0; i < count; i++) thread_join(thread_must_spawn(spawns_body, 0));
  return now() - from;
}
