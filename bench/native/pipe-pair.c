#include "bytes.h"
enum { LARGE = 65536 };
static uint8_t buffer[LARGE];
static unsigned rounds, mebibytes, batches;
static void answer(int in, int out) {
  for (unsigned i = 0; i < 2 * rounds; i++) write_byte(out, read_byte(in));
  for (unsigned i = 0; i <= batches; i++) {
    for (uint64_t left = (uint64_t)mebibytes << 20; left > 0;) left -= read_some(in, buffer, LARGE);
    write_byte(out, 1);
  }
}
static void round_trips(int in, int out, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    write_byte(out, (uint8_t)i);
    if (read_byte(in) != (uint8_t)i) abort();
  }
}
static uint64_t transfer(int in, int out) {
  uint64_t from = now();
  for (unsigned i = 0; i < mebibytes << 4; i++) write_whole(out, buffer, LARGE);
  read_byte(in);
  return now() - from;
}
int main(int argc, char **argv) {
  int there[2], back[2], status;
  rounds = argument(argc, argv, 1, 5000);
  mebibytes = argument(argc, argv, 2, 64);
  batches = argument(argc, argv, 3, 3);
  must("pipe", pipe(there) == 0 && pipe(back) == 0);
  pid_t child = fork();
  must("fork", child >= 0);
  if (child == 0) {
    answer(there[0], back[1]);
    _exit(0);
  }
  round_trips(back[0], there[1], rounds);
  uint64_t from = now();
  round_trips(back[0], there[1], rounds);
  report("round_trip_ns", (now() - from) / rounds);
  transfer(back[0], there[1]);
  for (unsigned i = 0; i < batches; i++) report("transfer_ns", transfer(back[0], there[1]));
  must("waitpid", waitpid(child, &status, 0) == child);
  return status;
}
