// build: threads
// An HTTP server that says hello, in the number of THREADS: each has an epoll set of its own and serves the connections
// that are dealt to it. Says `port N` first and serves until it is ended. bench/peers/node-http.mjs is the same with
// node:http; the answers have the same headers.
// Argument: THREADS (2)
#define BENCH_THREADS
#include "tcp.h"

enum { MOST_THREADS = 16, MOST_FD = 4096, REQUEST = 1024 };
static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                            "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 5\r\n\r\nhello";
static i32 sets[MOST_THREADS];
// How much of the end of a request each connection has shown: 4 bytes, CR LF CR LF.
static u8 matched[MOST_FD];

static void serve_some(i32 fd) {
  u8 request[REQUEST];
  i32 n = receive(fd, request, REQUEST, 0);
  if (n <= 0) {
    matched[fd] = 0;
    wx_fd_close(fd);
    return;
  }
  u8 state = matched[fd];
  for (i32 i = 0; i < n; i++) {
    u8 wanted = (state & 1) == 0 ? '\r' : '\n';
    state = request[i] == wanted ? state + 1 : request[i] == '\r';
    if (state < 4) continue;
    state = 0;
    send_whole(fd, reply, sizeof reply - 1);
  }
  matched[fd] = state;
}

static void serve(void *arg) {
  struct epoll_event got[64];
  u32 n = 0;
  for (;;) {
    must("epoll_wait", wx_epoll_wait((i32)arg, got, 64, -1, &n));
    for (u32 i = 0; i < n; i++) serve_some((i32)got[i].fd);
  }
}

static int guest_main(int argc, char **argv) {
  u32 threads = text_number(argument(argc, argv, 1, "2"));
  i32 listener = make_listener(1024);
  for (u32 i = 0; i < threads; i++) {
    must("epoll_create", wx_epoll_create(&sets[i]));
    thread_must_spawn(serve, (void *)sets[i]);
  }
  print("port %u\n", local_port(listener));
  for (u32 i = 0;; i++) {
    i32 fd = must_get("sock_accept", accept_from(listener, 0));
    if (fd >= MOST_FD) must("descriptors", INVAL);
    struct epoll_event event = {.events = EP_IN, .fd = (u32)fd};
    must("epoll_ctl", wx_epoll_ctl(sets[i % threads], EP_ADD, fd, &event));
  }
}
