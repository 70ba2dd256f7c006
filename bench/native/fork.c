#include "bytes.h"
#include <string.h>
enum { MEBIBYTES = 16 };
static void fork_once(int measured) {
  int status;
  uint64_t from = now();
  pid_t child = fork();
  must("fork", child >= 0);
  if (child == 0) _exit(0);
  uint64_t forked = now() - from;
  must("waitpid", waitpid(child, &status, 0) == child);
  if (!measured) return;
  report("fork_ns", forked);
  report("fork_join_ns", now() - from);
}
int main(int argc, char **argv) {
  unsigned rounds = argument(argc, argv, 1, 10);
  char *volatile memory = malloc(MEBIBYTES << 20);
  must("malloc", memory != 0);
  memset(memory, 0x5a, MEBIBYTES << 20);
  for (unsigned i = 0; i < rounds + 2; i++) fork_once(i >= 2);
  return 0;
}
