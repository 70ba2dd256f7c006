// build: threads
// A server that holds connections: says `port N`, accepts FIRST connections and then MORE, each of which sends 64 bytes
// and is answered with 64. After each lot the host looks at itself (`mark`).
// Arguments: FIRST (100), MORE (1000)
#define BENCH_THREADS
#include "tcp.h"

static void accept_some(i32 listener, u32 count) {
  u8 small[64];
  for (u32 i = 0; i < count; i++) {
    i32 fd = must_get("sock_accept", accept_from(listener, 0));
    receive_whole(fd, small, sizeof small);
    send_whole(fd, small, sizeof small);
  }
}

static int guest_main(int argc, char **argv) {
  u32 first = text_number(argument(argc, argv, 1, "100")), more = text_number(argument(argc, argv, 2, "1000"));
  i32 listener = make_listener(4096);
  print("port %u\n", local_port(listener));
  accept_some(listener, first);
  mark(first);
  accept_some(listener, more);
  mark(first + more);
  return 0;
}
