/** Largest thread id: wasi-threads reserves the top three bits (ABI §4.2). The smallest is 1. */
export const TID_MAX = 0x1fff_ffff;

/**
 * What libc takes the main thread's id to be until it has asked `thread_id`. `raise` and `pthread_kill` send it
 * to `thread_signal`, where it means the main thread of the calling process (ABI §4.2).
 */
export const LIBC_MAIN_TID = 0x3fff_ffff;
