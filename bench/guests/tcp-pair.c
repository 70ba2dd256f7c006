// build: threads
// Two ends of a connection: 64 bytes there and back (nanoseconds per round), then MEBIBYTES one way in sends of 64 KiB
// (nanoseconds until the other has received them all and said so). Each end is a process of its own, or both are threads
// of one program. bench/peers/node-net.mjs is the same for Node.
// Arguments: server | client | both, PORT of the server, ROUNDS (3000), MEBIBYTES (256), BATCHES (3)
#define BENCH_THREADS
#include "tcp.h"

enum { SMALL = 64, LARGE = 65536 };
static u8 sent[LARGE], received[LARGE];
static u32 rounds, mebibytes, batches;

static void answer(void *arg) {
  i32 listener = (i32)arg, fd = must_get("sock_accept", accept_from(listener, 0));
  static u8 small[SMALL];
  wx_sock_set_opt_flag(fd, NO_DELAY, 1);
  for (u32 i = 0; i < rounds + rounds / 10; i++) {
    receive_whole(fd, small, SMALL);
    send_whole(fd, small, SMALL);
  }
  for (u32 i = 0; i <= batches; i++) {
    for (u64 left = (u64)mebibytes << 20; left > 0;) left -= receive_some(fd, received, LARGE);
    send_whole(fd, small, 1);
  }
  receive(fd, small, 1, 0);
}

static void round_trips(i32 fd, u32 count) {
  u8 small[SMALL];
  for (u32 i = 0; i < count; i++) {
    sent[0] = (u8)i;
    send_whole(fd, sent, SMALL);
    receive_whole(fd, small, SMALL);
    if (small[0] != (u8)i) __builtin_trap();
  }
}

static u64 transfer(i32 fd) {
  u8 over;
  u64 from = now();
  for (u32 i = 0; i < mebibytes << 4; i++) send_whole(fd, sent, LARGE);
  receive_whole(fd, &over, 1);
  return now() - from;
}

static void ask(u16 port) {
  i32 fd = must_get("sock_connect", connect_to(port));
  wx_sock_set_opt_flag(fd, NO_DELAY, 1);
  round_trips(fd, rounds / 10);
  u64 from = now();
  round_trips(fd, rounds);
  report("round_trip_ns", (now() - from) / rounds);
  transfer(fd);
  for (u32 i = 0; i < batches; i++) report("transfer_ns", transfer(fd));
  wx_fd_close(fd);
}

static int guest_main(int argc, char **argv) {
  const char *role = argument(argc, argv, 1, "both");
  u16 port = (u16)text_number(argument(argc, argv, 2, "0"));
  rounds = text_number(argument(argc, argv, 3, "3000"));
  mebibytes = text_number(argument(argc, argv, 4, "256"));
  batches = text_number(argument(argc, argv, 5, "3"));
  if (text_equal(role, "client")) return ask(port), 0;
  i32 listener = make_listener(1);
  if (text_equal(role, "server")) {
    print("port %u\n", local_port(listener));
    return answer((void *)listener), 0;
  }
  struct thread *server = thread_must_spawn(answer, (void *)listener);
  ask(local_port(listener));
  thread_join(server);
  return 0;
}
