import type { MemoryType } from './binary/types.js';
import { makeMemory } from './garbage.js';
import type { GuestMemoryPlan } from './image.js';
import { LoadError } from './load-error.js';

const PAGE_BYTES = 65_536;
const ALL_PAGES = 65_536;

/**
 * Plans the memory that a module imports, with the module's own limits (ABI §1.2), and makes it if it is shared. `maxBytes` lowers the maximum;
 * a module that begins with more than that is refused.
 */
export function createGuestMemory(
  name: string,
  limits: MemoryType,
  maxBytes: number | undefined,
): GuestMemoryPlan {
  const initial = Number(limits.initial);
  const declared = limits.maximum === undefined ? ALL_PAGES : Number(limits.maximum);
  const maximum = maxBytes === undefined ? declared : Math.min(declared, Math.floor(maxBytes / PAGE_BYTES));
  if (initial > maximum) {
    throw new LoadError(
      'no-resources',
      `${name} starts with ${toMebibytes(initial)} MiB of memory, more than the limit of ${toMebibytes(maximum)} MiB`,
      'raise the limit with --max-memory',
    );
  }
  try {
    const unlimited = limits.maximum === undefined && maxBytes === undefined;
    const bounds = unlimited ? { initial } : { initial, maximum, shared: limits.shared };
    // One that is not shared is made only to learn whether it can be had.
    const memory = makeMemory(bounds);
    return limits.shared ? { limits: bounds, shared: memory } : { limits: bounds };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LoadError(
      'no-resources',
      `${name} asks for a memory of ${toMebibytes(initial)} to ${toMebibytes(maximum)} MiB, which this machine does not give: ${reason}`,
      'lower it with --max-memory, or build the module with a smaller --max-memory',
    );
  }
}

function toMebibytes(pages: number): number {
  return Math.round((pages * PAGE_BYTES) / 0x10_0000);
}
