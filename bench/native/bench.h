// What the native counterparts share: clock, report, and a futex wait by the system call.
#pragma once
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static inline uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
static inline void report(const char *name, uint64_t value) { printf("%s %llu\n", name, (unsigned long long)value); }
static inline unsigned argument(int argc, char **argv, int index, unsigned otherwise) {
  return index < argc ? (unsigned)strtoul(argv[index], 0, 10) : otherwise;
}
static inline void wait_while(atomic_uint *word, unsigned value) {
  while (atomic_load(word) == value) syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, 0, 0, 0);
}
static inline void wake(atomic_uint *word, int count) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, 0, 0, 0); }
static inline pthread_t must_spawn(void *(*body)(void *), void *arg) {
  pthread_t thread;
  if (pthread_create(&thread, 0, body, arg)) abort();
  return thread;
}
