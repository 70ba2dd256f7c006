/** Threads of the operating system, as Linux tells of them. */
import { existsSync, readFileSync, readlinkSync } from 'node:fs';

let own: number | undefined;

/** Number of the thread that this code runs on; 0 where that cannot be known. */
export function osThread(): number {
  own ??= ownNumber();
  return own;
}

function ownNumber(): number {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').pop());
  } catch {
    return 0;
  }
}

/** Whether a thread of this process, by its number, is still there; true where that cannot be known. */
export function isThere(thread: number): boolean {
  return thread === 0 || existsSync(`/proc/self/task/${thread}`);
}

/** Nanoseconds of processor time that a thread of this process has used; undefined when it is gone or not known. */
export function cpuTimeOf(thread: number): number | undefined {
  try {
    const [used] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'latin1').split(' ');
    return Number(used);
  } catch {
    return undefined;
  }
}
