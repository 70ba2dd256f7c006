// build: threads
// Two processes with a pipe each way: one byte there and back (nanoseconds per round, after as many as a warm-up), then
// MEBIBYTES one way in writes of 64 KiB (nanoseconds until the other has read them all). This program is its own child,
// /bin/pipe-pair.wasm.
// Arguments: ROUNDS (5000), MEBIBYTES (64), BATCHES (3)
#define BENCH_THREADS
#include "bytes.h"
#include "process.h"

enum { LARGE = 65536 };
static u8 buffer[LARGE];
static u32 rounds, mebibytes, batches;

// The child: its standard input and output are the pipes.
static void answer(void) {
  for (u32 i = 0; i < 2 * rounds; i++) write_byte(1, read_byte(0));
  for (u32 i = 0; i <= batches; i++) {
    for (u64 left = (u64)mebibytes << 20; left > 0;) left -= read_some(0, buffer, LARGE);
    write_byte(1, 1);
  }
}

static void round_trips(i32 in, i32 out, u32 count) {
  for (u32 i = 0; i < count; i++) {
    write_byte(out, (u8)i);
    if (read_byte(in) != (u8)i) __builtin_trap();
  }
}

static u64 transfer(i32 in, i32 out) {
  u64 from = now();
  for (u32 i = 0; i < mebibytes << 4; i++) write_whole(out, buffer, LARGE);
  read_byte(in);
  return now() - from;
}

static u32 start_child(char **argv, i32 *in, i32 *out) {
  i32 their_in, their_out;
  must("fd_pipe", wx_fd_pipe(&their_in, out));
  must("fd_pipe", wx_fd_pipe(in, &their_out));
  struct spawn_fd_op ops[] = {
      {.cmd = OP_DUP2, .fd = 0, .src_fd = (u32)their_in},
      {.cmd = OP_DUP2, .fd = 1, .src_fd = (u32)their_out},
      {.cmd = OP_CLOSE, .fd = (u32)their_in},
      {.cmd = OP_CLOSE, .fd = (u32)their_out},
      {.cmd = OP_CLOSE, .fd = (u32)*out},
      {.cmd = OP_CLOSE, .fd = (u32)*in},
  };
  static const char path[] = "/bin/pipe-pair.wasm";
  char args[128] = "pipe-pair\n";
  u32 n = 10, numbers[] = {rounds, mebibytes, batches}, pid = 0;
  for (u32 i = 0; i < 3; i++) n += put_number(args + n, numbers[i], 10), args[n++] = '\n';
  for (const char *s = "child\n"; *s; s++) args[n++] = *s;
  must("proc_spawn2", wx_proc_spawn2(path, sizeof path - 1, args, n, 0, 0, ops, 6, 0, 0, 0, 0, 0, &pid));
  p1_fd_close(their_in);
  p1_fd_close(their_out);
  return pid;
}

static int guest_main(int argc, char **argv) {
  rounds = text_number(argument(argc, argv, 1, "5000"));
  mebibytes = text_number(argument(argc, argv, 2, "64"));
  batches = text_number(argument(argc, argv, 3, "3"));
  if (argc > 4) return answer(), 0;
  i32 in, out;
  u32 child = start_child(argv, &in, &out);
  round_trips(in, out, rounds);
  u64 from = now();
  round_trips(in, out, rounds);
  report("round_trip_ns", (now() - from) / rounds);
  transfer(in, out);
  for (u32 i = 0; i < batches; i++) report("transfer_ns", transfer(in, out));
  struct join_status status;
  must("proc_join", join_child(&child, 0, &status));
  return status.tag == JOIN_EXIT ? status.code : 1;
}
