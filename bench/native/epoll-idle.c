#include "bytes.h"
#include <sys/epoll.h>
#include <sys/resource.h>
struct watched { int set, ends[2]; };
static struct watched few, many, answers;
enum { FEW = 1, MANY = 2, OVER = 3 };
static uint8_t next_byte(const struct watched *w) {
  struct epoll_event got[8];
  must("epoll_wait", epoll_wait(w->set, got, 8, -1) == 1 && got[0].data.fd == w->ends[0]);
  return read_byte(w->ends[0]);
}
static void *waker(void *arg) {
  for (uint8_t byte; (byte = next_byte(&answers)) != OVER;) write_byte((byte == FEW ? few : many).ends[1], byte);
  return arg;
}
static void watch(int set, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  must("epoll_ctl", epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0);
}
static struct watched watch_among(unsigned idle) {
  struct watched w = {.set = epoll_create1(0)};
  int ends[2];
  for (unsigned i = 0; i < idle; i++) {
    must("pipe", pipe(ends) == 0);
    watch(w.set, ends[0]);
  }
  must("pipe", pipe(w.ends) == 0);
  watch(w.set, w.ends[0]);
  return w;
}
static uint64_t batch(const struct watched *w, uint8_t which, unsigned rounds) {
  uint64_t from = now();
  for (unsigned i = 0; i < rounds; i++) {
    write_byte(answers.ends[1], which);
    if (next_byte(w) != which) abort();
  }
  return (now() - from) / rounds;
}
int main(int argc, char **argv) {
  unsigned rounds = argument(argc, argv, 1, 3000), batches = argument(argc, argv, 2, 3);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  few = watch_among(10);
  many = watch_among(1000);
  answers = watch_among(0);
  pthread_t thread = must_spawn(waker, 0);
  for (unsigned i = 0; i <= batches; i++) {
    uint64_t among_few = batch(&few, FEW, rounds), among_many = batch(&many, MANY, rounds);
    if (i == 0) continue;
    report("among_10_ns", among_few);
    report("among_1000_ns", among_many);
  }
  write_byte(answers.ends[1], OVER);
  pthread_join(thread, 0);
  return 0;
}
