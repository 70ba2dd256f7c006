/**
 * Collecting garbage on purpose. An engine counts a shared memory as a few bytes and so sees no reason to collect dead
 * ones, while each of them holds gigabytes of address space, on every thread that has seen it: a worker that is parked,
 * or one whose guest starts one process after the other. And a worker that rests need not keep what it left while it booted.
 */
import { v8Module, vmModule } from '../kernel/builtin-modules.js';

/** Dead memory on a thread that calls for a collection, which takes a few milliseconds. */
const MOST_BYTES = 0x200_0000;
/** Small memories cost more than their bytes. */
const LEAST_BYTES = 0x10_0000;

let dead = 0;
let collect: (() => unknown) | undefined;

/** Notes that a memory of `bytes` becomes garbage on this thread, and collects when there is enough of it. */
export function noteDeadMemory(bytes: number): void {
  dead += Math.max(LEAST_BYTES, bytes);
  if (dead >= MOST_BYTES) collectGarbage();
}

/** Collects the garbage of this thread. */
export function collectGarbage(): void {
  dead = 0;
  collect ??= globalThis.gc ?? exposedCollector();
  collect();
}

function exposedCollector(): () => void {
  for (;;) {
    v8Module().setFlagsFromString('--expose-gc');
    const collector = vmModule().runInNewContext('globalThis.gc') as (() => void) | undefined;
    // Flags are the whole process's. With others than it began with, V8 takes no code cache.
    v8Module().setFlagsFromString('--no-expose-gc');
    // Another worker may have taken the flag back too soon.
    if (collector) return collector;
  }
}

/** Makes a memory, with the garbage collected first if that is what it takes. Throws RangeError when it cannot be had. */
export function makeMemory(limits: ConstructorParameters<typeof WebAssembly.Memory>[0]): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory(limits);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    collectGarbage();
    return new WebAssembly.Memory(limits);
  }
}
