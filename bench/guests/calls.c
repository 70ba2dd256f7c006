// Nanoseconds per call of the calls that programs make most. A warm-up, then COUNT calls in ten batches.
// Arguments: COUNT (200000)
#include "bench.h"

enum { BATCHES = 10 };
static u64 cell;
static u8 bytes[8];

// Tenths of a nanosecond per call, so that nothing is lost to rounding. The first batch is the warm-up.
#define MEASURE(name, call)                               \
  for (u32 batch = 0; batch <= BATCHES; batch++) {        \
    u64 from = now();                                     \
    for (u32 i = 0; i < count; i++) (void)(call);         \
    u64 spent = now() - from;                             \
    if (batch > 0) report(name, spent * 10 / count);      \
  }

static int guest_main(int argc, char **argv) {
  u32 count = text_number(argument(argc, argv, 1, "200000")) / BATCHES;
  struct iovec_ none = {(u32)bytes, 0};
  u32 written;
  MEASURE("clock_time_get_dns", p1_clock_time_get(MONOTONIC, 1, &cell));
  MEASURE("clock_realtime_dns", p1_clock_time_get(REALTIME, 1, &cell));
  MEASURE("fd_write_dns", p1_fd_write(1, &none, 1, &written));
  MEASURE("sched_yield_dns", p1_sched_yield());
  MEASURE("random_get_dns", p1_random_get(bytes, sizeof bytes));
  return 0;
}
