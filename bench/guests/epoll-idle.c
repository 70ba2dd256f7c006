// build: threads
// A thread waits in epoll for one busy pipe among idle ones, 10 of them and 1,000 in turns. Another, which waits in epoll
// as well so that both park, writes a byte to the busy pipe each time it was answered by one on a second pipe; nanoseconds
// per round (there and back).
// Arguments: ROUNDS (3000), BATCHES (3)
#define BENCH_THREADS
#include "bytes.h"

struct watched { i32 set, read_end, write_end; };
static struct watched few, many, answers;

// Bytes of the answers: which of the sets is to be woken next, or the end.
enum { FEW = 1, MANY = 2, OVER = 3 };
static u8 next_byte(const struct watched *w) {
  struct epoll_event got[8];
  u32 n = 0;
  must("epoll_wait", wx_epoll_wait(w->set, got, 8, -1, &n));
  if (n != 1 || got[0].fd != (u32)w->read_end) __builtin_trap();
  return read_byte(w->read_end);
}

static void waker(void *arg) {
  for (u8 byte; (byte = next_byte(&answers)) != OVER;) {
    write_byte(byte == FEW ? few.write_end : many.write_end, byte);
  }
}

static void watch(i32 set, i32 fd) {
  struct epoll_event event = {.events = EP_IN, .fd = (u32)fd};
  must("epoll_ctl", wx_epoll_ctl(set, EP_ADD, fd, &event));
}

static struct watched watch_among(u32 idle) {
  struct watched w;
  i32 read_end, write_end;
  must("epoll_create", wx_epoll_create(&w.set));
  for (u32 i = 0; i < idle; i++) {
    must("fd_pipe", wx_fd_pipe(&read_end, &write_end));
    watch(w.set, read_end);
  }
  must("fd_pipe", wx_fd_pipe(&w.read_end, &w.write_end));
  watch(w.set, w.read_end);
  return w;
}

static u64 batch(const struct watched *w, u8 which, u32 rounds) {
  u64 from = now();
  for (u32 i = 0; i < rounds; i++) {
    write_byte(answers.write_end, which);
    if (next_byte(w) != which) __builtin_trap();
  }
  return (now() - from) / rounds;
}

static int guest_main(int argc, char **argv) {
  u32 rounds = text_number(argument(argc, argv, 1, "3000"));
  u32 batches = text_number(argument(argc, argv, 2, "3"));
  few = watch_among(10);
  many = watch_among(1000);
  answers = watch_among(0);
  struct thread *t = thread_must_spawn(waker, 0);
  for (u32 i = 0; i <= batches; i++) {
    u64 among_few = batch(&few, FEW, rounds), among_many = batch(&many, MANY, rounds);
    if (i == 0) continue;
    report("among_10_ns", among_few);
    report("among_1000_ns", among_many);
  }
  write_byte(answers.write_end, OVER);
  thread_join(t);
  return 0;
}
