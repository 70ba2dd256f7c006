/** Futexes (ABI §2.6): within the process, on words of guest memory. */
import { Errno } from '../abi/errno.js';
import { OptionTag } from '../abi/option-tag.js';
import { optionTimestamp } from '../abi/structs.js';
import { notifyWord, waitOnWord } from '../kernel/threads/futex.js';
import type { GuestThread } from '../kernel/threads/guest-thread.js';
import type { Handlers } from './handler.js';

/** The milliseconds of an option_timestamp; a null pointer or no value waits for ever. */
function timeout(thread: GuestThread, pointer: number): number {
  if (pointer === 0 || thread.memory.getU8(pointer + optionTimestamp.at.tag) !== OptionTag.SOME)
    return Infinity;
  return Number(thread.memory.getU64(pointer + optionTimestamp.at.value)) / 1e6;
}

export const futexHandlers: Handlers<'futex_wait' | 'futex_wake' | 'futex_wake_all'> = {
  futex_wait(thread, word, expected, limit, woken) {
    thread.memory.span(woken, 1);
    const result = waitOnWord(thread, word, expected, timeout(thread, limit));
    thread.memory.setU8(woken, result === 'timed-out' ? 0 : 1);
    return Errno.SUCCESS;
  },

  futex_wake(thread, word, woken) {
    thread.memory.span(woken, 1);
    notifyWord(thread, word, 1);
    thread.memory.setU8(woken, 1);
    return Errno.SUCCESS;
  },

  futex_wake_all(thread, word, woken) {
    thread.memory.span(woken, 1);
    notifyWord(thread, word, Number.POSITIVE_INFINITY);
    thread.memory.setU8(woken, 1);
    return Errno.SUCCESS;
  },
};
