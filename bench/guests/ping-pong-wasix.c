// build: threads
// ping-pong.h by the WASIX futex calls.
#define WAIT_WHILE(word, value) futex_wait_while(word, value)
#define WAKE(word) wx_futex_wake(word, &(u8){0})
#include "ping-pong.h"
