// Whole transfers on connections.
#pragma once
#include "bench.h"
#include "sockets.h"

// Descriptors and lengths: negative is -errno.
static inline i32 must_get(const char *what, i32 value) {
  if (value < 0) must(what, -value);
  return value;
}

static inline void send_whole(i32 fd, const void *data, u32 size) {
  for (u32 done = 0; done < size;) {
    done += (u32)must_get("sock_send", send(fd, (const u8 *)data + done, size - done, 0));
  }
}

static inline u32 receive_some(i32 fd, void *data, u32 size) {
  i32 n = must_get("sock_recv", receive(fd, data, size, 0));
  must("end of the connection", n == 0 ? PIPE : SUCCESS);
  return (u32)n;
}

static inline void receive_whole(i32 fd, void *data, u32 size) {
  for (u32 done = 0; done < size;) done += receive_some(fd, (u8 *)data + done, size - done);
}
