/** Memories for processes that a guest starts. */
import { Errno } from '../../abi/errno.js';
import { fail } from '../../kernel/failure.js';
import type { GuestMemory } from '../../kernel/memory/guest-memory.js';
import { makeMemory } from '../garbage.js';
import type { GuestMemoryPlan, ProcessImage } from '../image.js';
import { isLoadError } from '../load-error.js';

const PAGE_BYTES = 65_536;
/** A page of the usual host. */
const CHUNK_BYTES = 4096;
const ZEROS = new Uint8Array(CHUNK_BYTES);

/** Makes the memory of a process. NOMEM when the machine does not give it. */
export function withMemory<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError || isLoadError(error)) return fail(Errno.NOMEM);
    throw error;
  }
}

/** A copy of a memory for the child of a fork: a memory of its own if that can be sent, else bytes. */
export function copyMemory(
  { limits, shared }: GuestMemoryPlan,
  memory: GuestMemory,
): Pick<ProcessImage, 'memory' | 'contents'> {
  const { bytes } = memory.refreshed();
  if (!limits || !shared) {
    const contents = new Uint8Array(new SharedArrayBuffer(bytes.length));
    contents.set(bytes);
    return { memory: limits ? { limits } : {}, contents };
  }
  const copy = withMemory(() => makeMemory({ ...limits, initial: bytes.length / PAGE_BYTES }));
  copyUsed(bytes, new Uint8Array(copy.buffer));
  return { memory: { limits, shared: copy } };
}

/** Copies what is not zero: most of a memory is not used, and pages that nobody writes to are never made. */
function copyUsed(from: Uint8Array, to: Uint8Array): void {
  for (let at = 0; at < from.length; at += CHUNK_BYTES) {
    const chunk = from.subarray(at, at + CHUNK_BYTES);
    if (Buffer.compare(chunk, ZEROS) !== 0) to.set(chunk, at);
  }
}
