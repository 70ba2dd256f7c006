// 64 MiB written to a file and read back, in calls of 4 KiB and of 64 KiB; nanoseconds for all of it.
// The first preopened directory takes the file. Arguments: MEBIBYTES (64)
#include "bench.h"

enum { DIRECTORY_FD = 3, LARGE = 65536, SMALL = 4096 };
static u8 buffer[LARGE];
#define FILE_NAME "file-io.bin"

static i32 open_file(i32 oflags, u64 rights) {
  i32 fd;
  i32 error = p1_path_open(DIRECTORY_FD, 0, FILE_NAME, sizeof FILE_NAME - 1, oflags, rights, 0, 0, &fd);
  if (error) {
    print_error("path_open: errno %d\n", error);
    p1_proc_exit(1);
  }
  return fd;
}

static u64 transfer(i32 fd, u64 total, u32 size, i32 reading) {
  u64 from = now();
  for (u64 done = 0; done < total;) {
    struct iovec_ iov = {(u32)buffer, size};
    u32 n = 0;
    i32 error = reading ? p1_fd_read(fd, &iov, 1, &n) : p1_fd_write(fd, &iov, 1, &n);
    if (error || n == 0) {
      print_error("transfer: errno %d\n", error);
      p1_proc_exit(1);
    }
    done += n;
  }
  return now() - from;
}

static void measure(u64 total, u32 size, const char *write_name, const char *read_name) {
  i32 fd = open_file(O_CREAT_ | O_TRUNC_, RIGHT_FD_WRITE);
  report(write_name, transfer(fd, total, size, 0));
  p1_fd_close(fd);
  fd = open_file(0, RIGHT_FD_READ);
  report(read_name, transfer(fd, total, size, 1));
  p1_fd_close(fd);
  p1_path_unlink_file(DIRECTORY_FD, FILE_NAME, sizeof FILE_NAME - 1);
}

static int guest_main(int argc, char **argv) {
  u64 total = (u64)text_number(argument(argc, argv, 1, "64")) << 20;
  for (u32 i = 0; i < LARGE; i++) buffer[i] = (u8)(i * 31);
  measure(total, SMALL, "write_4k_ns", "read_4k_ns");
  measure(total, LARGE, "write_64k_ns", "read_64k_ns");
  return 0;
}
