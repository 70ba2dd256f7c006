/** Clocks, random bytes and yielding (ABI §2.1). */
import { ClockId } from '../abi/clock-id.js';
import { Errno } from '../abi/errno.js';
import { setClock, writeClock } from '../kernel/clock.js';
import { fillRandom } from '../kernel/random.js';
import type { Handlers } from './handler.js';

/** Nanoseconds between two different readings: CPU clocks count microseconds. */
const RESOLUTION = { wall: 1n, cpu: 1000n };

export const clockHandlers: Handlers<'clock_res_get' | 'clock_time_get' | 'clock_time_set'> = {
  clock_res_get(thread, id, resolution) {
    if (id >>> 0 > ClockId.THREAD_CPUTIME) return Errno.INVAL;
    thread.memory.setU64(resolution, id >= ClockId.PROCESS_CPUTIME ? RESOLUTION.cpu : RESOLUTION.wall);
    return Errno.SUCCESS;
  },

  clock_time_get(thread, id, _precision, time) {
    writeClock(thread, id, time);
    return Errno.SUCCESS;
  },

  clock_time_set(thread, id, time) {
    setClock(thread, id, BigInt.asUintN(64, time));
    return Errno.SUCCESS;
  },
};

export const randomHandlers: Handlers<'random_get'> = {
  random_get(thread, buffer, length) {
    const start = thread.memory.span(buffer, length >>> 0);
    fillRandom(thread.memory.bytes, start, length >>> 0);
    return Errno.SUCCESS;
  },
};
