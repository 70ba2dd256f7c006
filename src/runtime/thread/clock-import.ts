import { ClockId } from '../../abi/clock-id.js';
import { Errno } from '../../abi/errno.js';
import { writeMonotonicClock } from '../../kernel/clock.js';
import { hasPendingSignals } from '../../kernel/signals/pending.js';
import type { GuestThread } from '../../kernel/threads/guest-thread.js';
import type { RawImport } from './call-wrapper.js';

/**
 * `clock_time_get` (ABI §2.1) for programs that look at the time all the time: the frame that all calls share
 * (call-wrapper.ts) calls so many different functions that the engine compiles none of them into it.
 * @param general does what is not the common case
 */
export function clockImport(thread: GuestThread, general: RawImport): RawImport {
  return (id, precision, time) => {
    const done =
      id === ClockId.MONOTONIC && !hasPendingSignals(thread) && writeMonotonicClock(thread, time as number);
    return done ? Errno.SUCCESS : general(id!, precision!, time!);
  };
}
