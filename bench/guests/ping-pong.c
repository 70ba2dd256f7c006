// build: threads
// ping-pong.h by memory.atomic.wait and notify.
#define WAIT_WHILE(word, value) wait_while(word, value)
#define WAKE(word) wake(word, 1)
#include "ping-pong.h"
