// Whole transfers on pipes.
#pragma once
#include "bench.h"

static inline u32 read_some(i32 fd, void *data, u32 size) {
  struct iovec_ iov = {(u32)data, size};
  u32 n = 0;
  must("fd_read", p1_fd_read(fd, &iov, 1, &n));
  must("end of the pipe", n == 0 ? PIPE : SUCCESS);
  return n;
}

static inline void write_whole(i32 fd, const void *data, u32 size) {
  for (u32 done = 0; done < size;) {
    struct iovec_ iov = {(u32)data + done, size - done};
    u32 n = 0;
    must("fd_write", p1_fd_write(fd, &iov, 1, &n));
    done += n;
  }
}

static inline u8 read_byte(i32 fd) {
  u8 byte;
  read_some(fd, &byte, 1);
  return byte;
}

static inline void write_byte(i32 fd, u8 byte) { write_whole(fd, &byte, 1); }
