/**
 * Collecting garbage on purpose. An engine counts a shared memory as a few bytes and so sees no reason to collect dead
 * ones, while each of them holds gigabytes of address space, on every thread that has seen it: a worker that is parked,
 * or one whose guest starts one process after the other.
 */
import { v8Module, vmModule } from '../kernel/builtin-modules.js';

/** Memories that become garbage on a thread between two collections: a collection takes a few milliseconds. */
const INTERVAL = 16;

let dead = 0;
let collect: (() => void) | undefined;

/** Notes that a memory becomes garbage on this thread; every `INTERVAL`th time it collects. */
export function noteDeadMemory(): void {
  if (++dead % INTERVAL === 0) collectGarbage();
}

/** Collects the garbage of this thread. */
export function collectGarbage(): void {
  if (!collect) {
    v8Module().setFlagsFromString('--expose-gc');
    collect = vmModule().runInNewContext('gc') as () => void;
  }
  collect();
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
