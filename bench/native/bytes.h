// Whole transfers on pipes, as guests/bytes.h.
#pragma once
#include "bench.h"
#include <sys/wait.h>

static inline void must(const char *what, int fine) {
  if (fine) return;
  perror(what);
  exit(1);
}
static inline size_t read_some(int fd, void *data, size_t size) {
  ssize_t n = read(fd, data, size);
  must("read", n > 0);
  return (size_t)n;
}
static inline void write_whole(int fd, const void *data, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t n = write(fd, (const char *)data + done, size - done);
    must("write", n > 0);
    done += (size_t)n;
  }
}
static inline uint8_t read_byte(int fd) {
  uint8_t byte;
  read_some(fd, &byte, 1);
  return byte;
}
static inline void write_byte(int fd, uint8_t byte) { write_whole(fd, &byte, 1); }
